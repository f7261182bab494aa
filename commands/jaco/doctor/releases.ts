import { DoctorCommand } from '../../../src/cli/doctor-command.ts';
import { listFlags } from '../../../src/cli/list-flags.ts';
import { UsageError } from '../../../src/cli/usage-error.ts';

/** The list of releases. It reads nothing of the host and nothing of the network. */
export default class Releases extends DoctorCommand {
  static override summary =
    'List the releases of JACO that this doctor knows, and the known issues of each. Works offline.';
  // oclif would take a word for another command, and end with a code of its own.
  static override strict = false;
  static override flags = listFlags;

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(Releases);
    if (argv.length > 0) throw new UsageError(`releases lists them all; leave "${argv.join(' ')}" out`);
    const { printReleases } = await import('../../../src/cli/jaco/print-releases.ts');
    await this.document(printReleases(flags), flags.format);
  }
}
