import { Command } from '@oclif/core';
import { guardOutput } from '../vault/output-guard.ts';
import { showable } from './ascii.ts';
import { hasInvocation, setInvocation } from './invocation.ts';
import { protectArgv } from './protect-argv.ts';
import { reportError } from './report-error.ts';
import { writeStdout } from './stdout.ts';

/**
 * What every command of the doctor shares: its errors, with the exit codes of docs/architecture.md#exit-codes instead
 * of oclif's.
 */
export abstract class DoctorCommand extends Command {
  /** As a plugin it is not our own entry that was started, but a host's: what that does first is done here. */
  override async init(): Promise<void> {
    await super.init();
    if (hasInvocation()) return;
    const { bin } = this.config;
    setInvocation([bin, 'doctor']);
    protectArgv(`${bin} doctor`, this.argv, process.env);
    guardOutput();
  }

  override async catch(error: Error): Promise<void> {
    await reportError(error, { argv: this.argv, flags: Object.keys(this.ctor.flags) });
  }

  /** Writes the one document of this command to stdout. */
  protected async document(text: string, format: 'human' | 'json'): Promise<void> {
    await writeStdout(format === 'human' ? showable(text, process.env) : text, 2_000);
  }
}
