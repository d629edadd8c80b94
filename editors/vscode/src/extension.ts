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
      `The server of mleq could not be started with "${command}". ` +
        "Install mleq-lsp, or say in the setting mleq.server.path where it is, and reload the window.",
    );
  }
}

export function deactivate(): Promise<void> | undefined {
  return client?.dispose();
}
