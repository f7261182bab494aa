import { DoctorCommand } from '../../../src/cli/doctor-command.ts';
import { listFlags } from '../../../src/cli/list-flags.ts';
import { UsageError } from '../../../src/cli/usage-error.ts';

/** The list of releases. It reads neither the host nor the network. */
export default class Releases extends DoctorCommand {
  static override summary =
    'List the releases of JACO that this doctor knows, and the known issues of each. Works offline.';
  // If strict, oclif takes an argument for another command and exits with its own code.
  static override strict = false;
  static override flags = listFlags;

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(Releases);
    if (argv.length > 0)
      throw new UsageError(`releases takes no argument and lists every release; remove "${argv.join(' ')}"`);
    const { renderReleases } = await import('../../../src/cli/jaco/render-releases.ts');
    await this.document(renderReleases(flags), flags.format);
  }
}
