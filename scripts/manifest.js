// The manifests tell oclif about every command without loading it. There is one for each product. oclif.manifest.json
// is read by jacqos-doctor and by programs that load this package as a plugin. jaco-doctor reads its own, because its
// commands are not offered to such a program.
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Plugin } from '@oclif/core';

/** The path of each manifest, and its commands. */
const manifests = {
  'oclif.manifest.json': './dist/commands/jacqos',
  'bin/jaco/oclif.manifest.json': './dist/commands/jaco',
};

/**
 * The texts of the manifests of the program built in `root`, by path. They contain no date and nothing of this machine.
 */
export async function manifestsOf(root) {
  const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const texts = {};
  for (const [path, target] of Object.entries(manifests)) texts[path] = await manifest(root, path, target, pjson);
  return texts;
}

async function manifest(root, path, target, pjson) {
  const oclif = { ...pjson.oclif, commands: { ...pjson.oclif.commands, target } };
  const plugin = new Plugin({
    root,
    isRoot: true,
    pjson: { ...pjson, oclif },
    ignoreManifest: true,
    errorOnManifestCreate: true,
    respectNoCacheDefault: true,
  });
  await plugin.load();
  const commands = Object.entries(plugin.manifest.commands).sort(([a], [b]) => (a < b ? -1 : 1));
  // The path of a command is relative to its manifest.
  for (const [, command] of commands)
    command.relativePath = relative(join('/', path, '..'), join('/', ...command.relativePath)).split('/');
  return `${JSON.stringify({ commands: Object.fromEntries(commands), version: plugin.version }, null, 2)}\n`;
}
