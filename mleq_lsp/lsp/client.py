"""What the client can do, decided once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lsprotocol import types as lsp

from mleq_lsp.preview import Picture, Style
from mleq_lsp.settings import Settings

# Clients that show a data URI as a picture; elsewhere it would be a page of base64.
SHOW_PICTURES = ("visual studio code", "code-server", "vscodium", "code - oss", "cursor", "windsurf", "positron")
PANEL_PX = 312  # VS Code's completion panel shows 320 of a picture, and its scroll bar lies over the last few
PANEL_CELLS = 44  # what editors/nvim leaves beside the list, in a terminal of 80 columns too
COLORS = {
    "light": "#1f1f1f",
    "dark": "#d4d4d4",
    "high-contrast-light": "#000000",
    "high-contrast-dark": "#ffffff",
    # Nobody has said what it will stand on. No colour has the contrast of text, 4.5, with a light ground and with a
    # dark one; this has about 4 with either, and 3 is asked for large text and for graphics.
    "auto": "#808080",
}


@dataclass(frozen=True, slots=True)
class Client:
    """An editor, as far as answers depend on it."""

    shows_pictures: bool = False
    expands_snippets: bool = False
    adjusts_indentation: bool = False
    inserts_as_is: bool = False  # and does not indent the further lines of a snippet
    hover_is_markdown: bool = False
    documentation_is_markdown: bool = False
    pulls_configuration: bool = False
    registers_configuration: bool = False
    registers_completion: bool = False
    registers_watchers: bool = False

    def hover_style(self, settings: Settings) -> Style:
        """How cards are written for a hover."""
        return self.style(settings, self.hover_is_markdown)

    def panel_style(self, settings: Settings) -> Style:
        """How cards are written for the panel beside the completion list."""
        style = self.style(settings, self.documentation_is_markdown)
        # Clients with pictures show the item's detail, which is the name, above its documentation.
        has_title = not self.shows_pictures
        return replace(style, pixels=PANEL_PX, cells=min(PANEL_CELLS, style.cells), title=has_title)

    def style(self, settings: Settings, is_markdown: bool) -> Style:
        picture = self.picture(settings, is_markdown)
        return Style(picture, is_markdown, COLORS[settings.theme], settings.scale, int(settings.width))

    def picture(self, settings: Settings, is_markdown: bool) -> Picture:
        """How formulas are shown; in plain text a picture would be a page of base64."""
        if settings.preview == "latex":
            return "latex"
        wants_picture = settings.preview == "svg" or (settings.preview == "auto" and self.shows_pictures)
        return "svg" if wants_picture and is_markdown else "unicode"


def client_of(params: lsp.InitializeParams) -> Client:
    """The client that said hello."""
    name = (params.client_info.name if params.client_info else "").lower()
    document = params.capabilities.text_document or lsp.TextDocumentClientCapabilities()
    workspace = params.capabilities.workspace or lsp.WorkspaceClientCapabilities()
    item = (document.completion and document.completion.completion_item) or lsp.ClientCompletionItemOptions()
    modes = item.insert_text_mode_support.value_set if item.insert_text_mode_support else []
    hover = (document.hover and document.hover.content_format) or ()
    change = workspace.did_change_configuration
    watched = workspace.did_change_watched_files
    return Client(
        shows_pictures=any(known in name for known in SHOW_PICTURES),
        expands_snippets=bool(item.snippet_support),
        adjusts_indentation=lsp.InsertTextMode.AdjustIndentation in modes,
        inserts_as_is=bool(modes) and lsp.InsertTextMode.AdjustIndentation not in modes,
        hover_is_markdown=is_markdown(hover),
        documentation_is_markdown=is_markdown(item.documentation_format or ()),
        pulls_configuration=bool(workspace.configuration),
        registers_configuration=bool(change and change.dynamic_registration),
        registers_completion=bool(document.completion and document.completion.dynamic_registration),
        registers_watchers=bool(watched and watched.dynamic_registration),
    )


def is_markdown(formats: Sequence[lsp.MarkupKind]) -> bool:
    """Whether a client wants Markdown: what it likes best comes first."""
    return next(iter(formats), None) is lsp.MarkupKind.Markdown
