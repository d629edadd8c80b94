"""The protocol: requests in, calls to the features, results out, and nothing else."""
