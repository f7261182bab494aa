import { type Command, type Interfaces, Plugin } from '@oclif/core';
import type { PackageManifest } from '../src/cli/run-bin.ts';

/** The commands of a bin without files: the manifest, and for each id how its class is loaded. */
export type EmbeddedCommands = {
  readonly manifest: Pick<Interfaces.Manifest, 'commands'>;
  readonly load: { readonly [id: string]: () => Promise<{ readonly default: Command.Class }> };
};

/** What oclif gets instead of a folder with a manifest and a file for each command. It reads no file. */
export class EmbeddedPlugin extends Plugin {
  constructor(
    described: PackageManifest,
    private readonly embedded: EmbeddedCommands,
  ) {
    super({ root: '/', isRoot: true });
    Object.assign(this, { type: 'core', isRoot: true, valid: true, hooks: {}, moduleType: 'commonjs', root: '/' });
    this.pjson = described as never;
    this.name = described.name;
    this.alias = described.name;
    this.version = described.version;
    this.manifest = { version: described.version, commands: embedded.manifest.commands };
    this.commandIDs = Object.keys(embedded.manifest.commands);
    this.commands = Object.entries(embedded.manifest.commands).map(([id, command]) => ({
      ...command,
      pluginAlias: this.alias,
      pluginType: this.type,
      load: () => this.findCommand(id, { must: true }),
    }));
  }

  /** Everything is known already; oclif would look for files. */
  override async load(): Promise<void> {}

  override async findCommand(id: string, options?: { must: boolean }): Promise<Command.Class>;
  override async findCommand(id: string): Promise<Command.Class> {
    const load = this.embedded.load[id];
    if (load === undefined) throw new Error(`command ${id} is not in this file`);
    const { default: command } = await load();
    command.id = id;
    command.plugin = this;
    return command;
  }
}
