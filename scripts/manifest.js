// What oclif knows of every command without loading it: the text of oclif.manifest.json.
import { Plugin } from '@oclif/core';

/** The manifest of the program built in `root`. Only what is in the package goes in: no path of this machine, no date. */
export async function manifest(root) {
  const plugin = new Plugin({ root, ignoreManifest: true, errorOnManifestCreate: true, respectNoCacheDefault: true });
  await plugin.load();
  const commands = Object.entries(plugin.manifest.commands).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify({ commands: Object.fromEntries(commands), version: plugin.version }, null, 2)}\n`;
}
