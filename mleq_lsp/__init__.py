"""A language server that completes, previews and explains machine-learning equations."""

__version__ = "0.1.0"
