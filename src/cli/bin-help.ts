import { type Command, Help } from '@oclif/core';

/** oclif's prefix of every command of this package. A user of a bin does not type it. */
const WORD = /^doctor(?::| |$)/;

/** Help as a bin of this package is typed: `jaco-doctor checks`. A host of the plugin has its own, with `jacqos doctor checks`. */
export class BinHelp extends Help {
  protected override formatCommand(command: Command.Loadable): string {
    const { bin } = this.config;
    return super.formatCommand(command).replaceAll(`${bin} doctor`, bin);
  }

  protected override formatCommands(commands: Command.Loadable[]): string {
    return super.formatCommands(commands.map((command) => ({ ...command, id: command.id.replace(WORD, '') })));
  }
}
