import { Command } from '@oclif/core';
import { armTripwire } from '../vault/tripwire.ts';
import { calledAs, isCalled } from './called-as.ts';
import { fail } from './fail.ts';
import { holdGiven } from './given-secrets.ts';
import { writeOut } from './write-out.ts';

/** What every command of the doctor shares: its errors, with the exit codes of DESIGN instead of oclif's. */
export abstract class DoctorCommand extends Command {
  /** As a plugin it is not our own entry that was started, but a host's: what that does first is done here. */
  override async init(): Promise<void> {
    await super.init();
    if (isCalled()) return;
    const { bin } = this.config;
    calledAs([bin, 'doctor']);
    holdGiven(`${bin} doctor`, this.argv, process.env);
    armTripwire();
  }

  override async catch(error: Error): Promise<void> {
    const debug = this.argv.includes('--debug');
    fail(error, debug);
  }

  /** The one document of this command, on stdout. */
  protected async document(text: string): Promise<void> {
    await writeOut(text, 2_000);
  }
}
