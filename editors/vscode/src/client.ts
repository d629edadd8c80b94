// The client of the language server, which passes on the settings with the theme resolved.

import {
  CloseAction,
  DidChangeConfigurationNotification,
  LanguageClient,
  type CloseHandlerResult,
} from "vscode-languageclient/node";

import { SECTION, settings } from "./settings";

const GIVEN_UP: CloseHandlerResult = { action: CloseAction.DoNotRestart, handled: true };
const LANGUAGES = ["latex", "tex", "markdown", "quarto", "rmd"];

export class Client extends LanguageClient {
  /** Until the server has run once, whoever starts it says what went wrong, and nobody else. */
  private hasRun = false;

  /** A server that ended is started again, unless it does so all the time. */
  private readonly usual = this.createDefaultErrorHandler();

  constructor(command: string) {
    super(
      SECTION,
      "mleq",
      { command },
      {
        documentSelector: LANGUAGES,
        initializationOptions: settings,
        initializationFailedHandler: () => false,
        errorHandler: {
          error: (...trouble) => this.usual.error(...trouble),
          closed: () => (this.hasRun ? this.usual.closed() : GIVEN_UP),
        },
        middleware: {
          workspace: {
            configuration: ({ items }) => items.map(({ section }) => (section === SECTION ? settings() : null)),
            didChangeConfiguration: () => this.sendSettings(),
          },
        },
      },
    );
  }

  override async start(): Promise<void> {
    await super.start();
    this.hasRun = true;
  }

  override error(message: string, data?: unknown, showNotification: boolean | "force" = true): void {
    super.error(message, data, this.hasRun ? showNotification : false);
  }

  /** Tells the server all settings as they are now; while it is starting it asks for them by itself. */
  async sendSettings(): Promise<void> {
    if (this.isRunning()) {
      await this.sendNotification(DidChangeConfigurationNotification.type, { settings: { [SECTION]: settings() } });
    }
  }
}
