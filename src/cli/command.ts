import { Command } from '@oclif/core';
import { fail } from './fail.ts';
import { writeOut } from './write-out.ts';

/** What every command of the doctor shares: its errors, with the exit codes of DESIGN instead of oclif's. */
export abstract class DoctorCommand extends Command {
  override async catch(error: Error): Promise<void> {
    const debug = this.argv.includes('--debug');
    fail(error, debug);
  }

  /** The one document of this command, on stdout. */
  protected async document(text: string): Promise<void> {
    await writeOut(text, 2_000);
  }
}
