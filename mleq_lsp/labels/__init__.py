"""Labels of formulas, and what refers to them."""

from __future__ import annotations

from mleq_lsp.labels.labelled import Label, Maker, labels, makers_in, names_like
from mleq_lsp.labels.references import Reference, is_mentioned, names_of, reference_at
from mleq_lsp.labels.rows import rows_at

__all__ = [
    "Label",
    "Maker",
    "Reference",
    "is_mentioned",
    "labels",
    "makers_in",
    "names_like",
    "names_of",
    "reference_at",
    "rows_at",
]
