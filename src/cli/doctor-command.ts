import { Command } from '@oclif/core';
import { guardOutput } from '../vault/output-guard.ts';
import { asciiIfNeeded } from './ascii.ts';
import { hasInvocation, setInvocation } from './invocation.ts';
import { protectArgv } from './protect-argv.ts';
import { reportError } from './report-error.ts';
import { writeStdout } from './stdout.ts';

/**
 * The base of every command of the doctor. Its errors have the exit codes of docs/architecture.md#exit-codes instead of
 * oclif's.
 */
export abstract class DoctorCommand extends Command {
  /**
   * As a plugin, the doctor is not started by its own entry but by another program, so the work of the entry is done
   * here.
   */
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

  /** Writes the command's one document to stdout. */
  protected async document(text: string, format: 'human' | 'json'): Promise<void> {
    await writeStdout(format === 'human' ? asciiIfNeeded(text, process.env) : text, 2_000);
  }
}
