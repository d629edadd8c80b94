"""actions(): what can be done with what is at an offset."""

from __future__ import annotations

from dataclasses import dataclass

from mleq_lsp.latex.files import preamble_of
from mleq_lsp.latex.packages import missing, usepackage_edit
from mleq_lsp.project import LONE, Project, Root, packages
from mleq_lsp.regions import Language, regions
from mleq_lsp.text import Edit, Span


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done: a title, and the edit that does it."""

    title: str
    edit: Edit
    root: Root | None = None  # the file that is edited; None for the document itself


def actions(text: str, offset: int, language: Language, project: Project = LONE) -> list[Action]:
    """What can be done with the formula at an offset."""
    if language is not Language.LATEX:
        return []
    found = regions(text, language, project.authored)
    region = found.math_at(offset) or found.math_at(offset - 1)
    return load_packages(region.span.of(text), text, project) if region else []


def load_packages(latex: str, text: str, project: Project) -> list[Action]:
    """Loads what a formula needs, in the preamble of the document or of the root that it is a part of."""
    preamble = preamble_of(project.root.text if project.root else text)
    lacking = missing(latex, packages(preamble, project)) if preamble else ()
    edit = usepackage_edit(preamble, lacking) if lacking else None
    if edit is None:
        return []
    where = f" in {project.root.name}" if project.root else ""
    return [Action(f"Load {' and '.join(lacking)}{where}", Edit(Span(edit[0], edit[0]), edit[1]), project.root)]
