"""The parts of VS Code that tests look at, and for how long; a test run without VS Code reads this too."""

from __future__ import annotations

PATIENCE = 60  # seconds until something that should happen is missed
HOVER = ".monaco-resizable-hover .monaco-hover:not(.hidden)"
LIST = ".suggest-widget.visible"
PANEL = ".suggest-details-container .suggest-details"
QUICK_INPUT = ".quick-input-widget"
