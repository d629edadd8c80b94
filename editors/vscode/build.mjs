// Bundles the extension into one file, with the licences of what is in it.

import { build } from "esbuild";
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const { metafile } = await build({
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  minify: true,
  platform: "node",
  target: "node20", // of VS Code 1.90
  external: ["vscode"],
  metafile: true,
});

copyFileSync("../../LICENSE", "LICENSE");
for (const picture of ["list", "hover"]) {
  copyFileSync(`../../docs/images/vscode-${picture}.png`, `media/${picture}.png`); // for the walkthrough
}
writeFileSync("NOTICES.txt", bundledFolders(metafile).map(notice).join("\n\n"));

/** The folders of the packages that went into the bundle. */
function bundledFolders(metafile) {
  const folders = Object.keys(metafile.inputs).map((path) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

/** The name and the licence of a package. */
function notice(folder) {
  const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  if (file === undefined) throw new Error(`${name} comes without a licence`);
  return `${name} ${version}\n\n${readFileSync(join(folder, file), "utf8")}`;
}
