"""LaTeX math: its tokens, its symbols, its normal form."""
