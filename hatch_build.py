"""Puts into the wheel the catalogue's sources, its compiled form, so that start-up reads no YAML, and the examples."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogue(BuildHookInterface):  # type: ignore[misc]
    """Called by hatchling for each build."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Adds them below `mleq_lsp/`; an editable install reads the checkout's."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from mleq_lsp.catalogue.compiled import compiled
        from mleq_lsp.catalogue.load import COMPILED, FORMS, all_forms, load_pack

        sources = Path(self.root) / "snippets"
        pack = load_pack(sources)
        if pack.problems:
            raise SystemExit("\n".join(str(problem) for problem in pack.problems))
        include = build_data["force_include"]
        target = Path(tempfile.mkdtemp())
        texts = {COMPILED.name: compiled(pack.catalogue), FORMS: json.dumps(all_forms(pack.catalogue))}
        for name, text in texts.items():
            (target / name).write_text(text, "utf-8")
            include[str(target / name)] = f"mleq_lsp/{name}"
        for path in [*sources.glob("*/*.yaml"), sources / "references.bib", sources / "schema.json"]:
            include[str(path)] = f"mleq_lsp/snippets/{path.relative_to(sources).as_posix()}"
        for name in ("paper.tex", "note.md"):
            include[str(Path(self.root) / "examples" / name)] = f"mleq_lsp/examples/{name}"
