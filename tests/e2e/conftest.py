"""The real server as a process, spoken to by pytest-lsp in the place of an editor."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import pytest_asyncio
from lsprotocol import types as lsp
from pytest_lsp import LanguageClient, client_capabilities, make_test_lsp_client

SERVER = [sys.executable, "-m", "mleq_lsp.lsp.server"]

Connect = Callable[..., Any]


def agree(_: lsp.RegistrationParams) -> None:
    """What editors say to a registration."""


@pytest_asyncio.fixture
async def connect() -> AsyncIterator[Connect]:
    """Starts a server for a client such as "neovim" or "visual-studio-code"; ends it after the test."""
    clients: list[LanguageClient] = []

    async def start(
        editor: str, name: str, *, encodings: Sequence[str] = ("utf-16",), options: object = None
    ) -> LanguageClient:
        client: LanguageClient = make_test_lsp_client()
        clients.append(client)

        client.feature(lsp.CLIENT_REGISTER_CAPABILITY)(agree)
        await client.start_io(*SERVER)
        capabilities = client_capabilities(editor)
        capabilities.general = capabilities.general or lsp.GeneralClientCapabilities()
        capabilities.general.position_encodings = list(encodings)
        info = lsp.ClientInfo(name)
        await client.initialize_session(
            lsp.InitializeParams(capabilities=capabilities, client_info=info, initialization_options=options)
        )
        return client

    yield start
    for client in clients:
        await client.shutdown_session()
