// The extension: starts the server and tells it the settings and the theme.

import * as vscode from "vscode";

import { Client } from "./client";

let client: Client | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const command = vscode.workspace.getConfiguration("mleq").get("server.path", "").trim() || "mleq-lsp";
  const starting = new Client(command);
  client = starting;
  context.subscriptions.push(vscode.window.onDidChangeActiveColorTheme(() => starting.sendSettings()));
  try {
    await starting.start();
  } catch {
    void vscode.window.showErrorMessage(
      `mleq-lsp could not be started as "${command}". Install it, or name it in the setting mleq.server.path.`,
    );
  }
}

export async function deactivate(): Promise<void> {
  if (client?.isRunning()) {
    await client.stop();
  }
}
