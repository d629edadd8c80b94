"""`python -m mleq_lsp.cli`."""

from mleq_lsp.cli import main

main()
