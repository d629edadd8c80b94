// Where the server may be.

import { access, constants, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import * as vscode from "vscode";

import { SECTION } from "./settings";

const IS_WINDOWS = process.platform === "win32";
const PROGRAM = IS_WINDOWS ? "mleq-lsp.exe" : "mleq-lsp";
/** Where a Python environment has its programs. */
const PROGRAMS = IS_WINDOWS ? "Scripts" : "bin";

/** What the user says the server is, if anything. */
export function chosenServer(): string {
  return vscode.workspace.getConfiguration(SECTION).get("server.path", "").trim();
}

/** The servers that are installed, the one to be tried first in front; `own` is this extension's environment. */
export async function servers(own: string): Promise<string[]> {
  const chosen = chosenServer();
  const places = chosen ? named(chosen) : (await folders(own)).map((folder) => join(folder, PROGRAM));
  const there = await Promise.all(places.map(isProgram));
  return [...new Set(places.filter((_, index) => there[index]))];
}

/** The same for comparing: installing a server, or another version of one, changes it. */
export async function fingerprint(own: string): Promise<string> {
  const found = await servers(own);
  const stats = await Promise.all(found.map((path) => stat(path)));
  return JSON.stringify(found.map((path, index) => [path, stats[index]?.mtimeMs]));
}

/** A path, or a program that is looked up as a shell does. */
function named(chosen: string): string[] {
  const path = chosen.replace(/^~(?=[/\\])/, homedir());
  return isAbsolute(path) ? [path] : searchPath().map((folder) => join(folder, path));
}

async function folders(own: string): Promise<string[]> {
  // What lies in a folder that is not trusted must not be started.
  const trusted = vscode.workspace.isTrusted ? [...workspaceEnvironments(), ...(await selectedEnvironment())] : [];
  return [...trusted, ...searchPath(), ...toolFolders(), join(own, PROGRAMS)];
}

function workspaceEnvironments(): string[] {
  const workspaceFolders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
  return workspaceFolders.flatMap(({ uri }) => [".venv", "venv"].map((name) => join(uri.fsPath, name, PROGRAMS)));
}

/** What is used here of the Python extension. */
interface PythonExtension {
  environments?: { getActiveEnvironmentPath(resource?: vscode.Uri): { path: string } };
}

/** The environment that is selected in the Python extension, where that is in use. */
async function selectedEnvironment(): Promise<string[]> {
  const python = vscode.extensions.getExtension<PythonExtension | undefined>("ms-python.python");
  const path = python?.isActive ? python.exports?.environments?.getActiveEnvironmentPath().path : undefined;
  if (path === undefined || !isAbsolute(path)) {
    return [];
  }
  // The one is an environment, the other its interpreter.
  return [(await isFolder(path)) ? join(path, PROGRAMS) : dirname(path)];
}

function searchPath(): string[] {
  return (process.env.PATH ?? "").split(delimiter).filter(isAbsolute);
}

/** Where uv and pipx put programs, which need not be on the PATH. */
function toolFolders(): string[] {
  const { UV_TOOL_BIN_DIR, PIPX_BIN_DIR, XDG_BIN_HOME } = process.env;
  const told = [UV_TOOL_BIN_DIR, PIPX_BIN_DIR, XDG_BIN_HOME].filter((folder) => folder !== undefined && folder !== "");
  return [...told, join(homedir(), ".local", "bin")] as string[];
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/** Whether a program of that name can be started. */
export async function isInstalled(name: string): Promise<boolean> {
  const places = named(IS_WINDOWS ? `${name}.exe` : name);
  return (await Promise.all(places.map(isProgram))).includes(true);
}
