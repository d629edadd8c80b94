"""The catalogue: what an equation is, how packs are read, what a good entry looks like."""
