"""The real server as a process, spoken to by pytest-lsp in the place of an editor."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest_asyncio
from lsprotocol import types as lsp
from pytest_lsp import LanguageClient, client_capabilities, make_test_lsp_client

SERVER = [sys.executable, "-m", "mleq_lsp.lsp.server"]

Connect = Callable[..., Any]


class Registered:
    """What a server has asked its client for, as editors keep it."""

    def __init__(self, client: Any) -> None:
        self.by_id: dict[str, lsp.Registration] = {}
        client.registered = self.by_id
        client.feature(lsp.CLIENT_REGISTER_CAPABILITY)(lambda params: self.add(params))
        client.feature(lsp.CLIENT_UNREGISTER_CAPABILITY)(lambda params: self.remove(params))

    def add(self, params: lsp.RegistrationParams) -> None:
        for one in params.registrations:
            assert one.id not in self.by_id, "registered twice"
            self.by_id[one.id] = one

    def remove(self, params: lsp.UnregistrationParams) -> None:
        for one in params.unregisterations:
            del self.by_id[one.id]


@pytest_asyncio.fixture
async def connect() -> AsyncIterator[Connect]:
    """Starts a server for a client such as "neovim" or "visual-studio-code"; ends it after the test."""
    clients: list[LanguageClient] = []

    async def start(
        editor: str,
        name: str,
        *,
        encodings: Sequence[str] = ("utf-16",),
        options: object = None,
        folder: Path | None = None,
        configuration: Callable[[lsp.ConfigurationParams], object] | None = None,
        modes: Sequence[lsp.InsertTextMode] = (),
    ) -> LanguageClient:
        client: LanguageClient = make_test_lsp_client()
        clients.append(client)

        Registered(client)
        if configuration is not None:
            client.protocol.fm.features[lsp.WORKSPACE_CONFIGURATION] = configuration
        await client.start_io(*SERVER)
        capabilities = client_capabilities(editor)
        capabilities.general = capabilities.general or lsp.GeneralClientCapabilities()
        capabilities.general.position_encodings = list(encodings)
        if modes:
            item: Any = capabilities.text_document.completion.completion_item  # type: ignore[union-attr]
            item.insert_text_mode_support = lsp.ClientCompletionItemInsertTextModeOptions(list(modes))
        info = lsp.ClientInfo(name)
        await client.initialize_session(
            lsp.InitializeParams(
                capabilities=capabilities,
                client_info=info,
                initialization_options=options,
                workspace_folders=[lsp.WorkspaceFolder(folder.as_uri(), folder.name)] if folder else None,
            )
        )
        return client

    yield start
    for client in clients:
        await client.shutdown_session()
