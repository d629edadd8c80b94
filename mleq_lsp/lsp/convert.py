"""Results of the features as protocol values."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from lsprotocol import types as lsp

from mleq_lsp.actions import Action
from mleq_lsp.card import Card
from mleq_lsp.catalogue.model import Entry, Reference
from mleq_lsp.completion import Completion
from mleq_lsp.hover import Hover
from mleq_lsp.lsp.client import Client
from mleq_lsp.lsp.document import Document
from mleq_lsp.preview import Style, write_all
from mleq_lsp.snippet import to_lsp, to_plain
from mleq_lsp.text import Edit, Lines


def completion_list(completions: Sequence[Completion], document: Document, client: Client) -> lsp.CompletionList:
    """The offers in their order; incomplete, so that the client asks again at the next letter."""
    items = [item(completion, document, client, number) for number, completion in enumerate(completions)]
    return lsp.CompletionList(is_incomplete=True, items=items)


def item(completion: Completion, document: Document, client: Client, number: int = 0) -> lsp.CompletionItem:
    """An offer as the client can take it; `number` is its place in the list."""
    if not client.expands_snippets:
        return plain_item(completion, number, document)
    written = (indented_item if client.inserts_as_is else snippet_item)(completion, number, document)
    if client.adjusts_indentation:
        written.insert_text_mode = lsp.InsertTextMode.AdjustIndentation
    return written


def snippet_item(completion: Completion, number: int, document: Document) -> lsp.CompletionItem:
    """An offer with tab stops; the client indents its further lines like the first."""
    item = base_item(completion, number, document, to_lsp(completion.snippet))
    item.insert_text_format = lsp.InsertTextFormat.Snippet
    return item


def indented_item(completion: Completion, number: int, document: Document) -> lsp.CompletionItem:
    """An offer with tab stops, indented already."""
    indented = completion.snippet.with_prefix(completion.indent)
    return snippet_item(dataclasses.replace(completion, snippet=indented), number, document)


def plain_item(completion: Completion, number: int, document: Document) -> lsp.CompletionItem:
    """An offer as plain text, indented already."""
    return base_item(completion, number, document, to_plain(completion.snippet.with_prefix(completion.indent)))


def base_item(completion: Completion, number: int, document: Document, text: str) -> lsp.CompletionItem:
    entry = completion.entry
    return lsp.CompletionItem(
        label=entry.id,
        label_details=lsp.CompletionItemLabelDetails(description=entry.topic) if entry.topic else None,
        detail=entry.name,
        kind=lsp.CompletionItemKind.Snippet,
        sort_text=f"{number:04}",
        filter_text=completion.filter_text,
        text_edit=lsp.TextEdit(document.range(completion.span), text),
        additional_text_edits=[text_edit(edit, document) for edit in completion.edits] or None,
        data={"id": entry.id},
    )


def text_edit(edit: Edit, document: Document) -> lsp.TextEdit:
    return lsp.TextEdit(document.range(edit.span), edit.new)


def code_action(action: Action, document: Document) -> lsp.CodeAction:
    """An action as an edit of the document, or of the file that it is a part of."""
    changed = (
        dataclasses.replace(document, uri=action.root.uri, lines=Lines(action.root.text)) if action.root else document
    )
    edit = lsp.WorkspaceEdit({changed.uri: [text_edit(action.edit, changed)]})
    return lsp.CodeAction(action.title, lsp.CodeActionKind.QuickFix, edit=edit)


def equation(entry: Entry, sources: Sequence[Reference]) -> dict[str, object]:
    """What a client shows of an entry that can be picked."""
    return {
        "id": entry.id,
        "name": entry.name,
        "aliases": list(entry.aliases),
        "topic": entry.topic,
        "tags": list(entry.tags),
        "source": sources[0].short if sources else "",
    }


def entry_id(item: lsp.CompletionItem) -> str:
    """The id of the entry that an item offers; it survives the way to the client and back."""
    return str(item.data.get("id", "")) if isinstance(item.data, dict) else ""


def with_preview(item: lsp.CompletionItem, card: Card, style: Style) -> lsp.CompletionItem:
    """The item with its documentation filled in."""
    item.documentation = markup(write_all([card], style), style)
    return item


def hover(found: Hover, document: Document, style: Style) -> lsp.Hover:
    """Cards and what they are about."""
    return lsp.Hover(markup(write_all(found.cards, style), style), document.range(found.span))


def markup(text: str, style: Style) -> lsp.MarkupContent:
    return lsp.MarkupContent(lsp.MarkupKind.Markdown if style.markdown else lsp.MarkupKind.PlainText, text)
