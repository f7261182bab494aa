import { type Command, Help } from '@oclif/core';

/** oclif's prefix of every command of this package. A user of a bin does not type it. */
const WORD = /^doctor(?::| |$)/;

/**
 * Help with commands as a user of a bin types them: `jaco-doctor checks`. A program that loads the package as a plugin
 * has its own help, with `jacqos doctor checks`.
 */
export class BinHelp extends Help {
  protected override formatCommand(command: Command.Loadable): string {
    const { bin } = this.config;
    // The summary is printed above, and oclif would repeat it in the description.
    const { summary: _, ...rest } = command;
    return super.formatCommand(rest).replaceAll(`${bin} doctor`, bin);
  }

  protected override formatCommands(commands: Command.Loadable[]): string {
    return super.formatCommands(commands.map((command) => ({ ...command, id: command.id.replace(WORD, '') })));
  }
}
