import { DoctorCommand } from '../../../src/cli/command.ts';
import { UsageError } from '../../../src/cli/usage-error.ts';

export default class Checks extends DoctorCommand {
  static override summary = 'List the checks in order: what each claims, reads, finds and needs.';
  // oclif would take a word for another command, and end with a code of its own.
  static override strict = false;

  override async run(): Promise<void> {
    const { argv } = await this.parse(Checks);
    if (argv.length > 0) throw new UsageError(`checks lists them all; leave "${argv.join(' ')}" out`);
    const [{ jaco }, { checksTable }] = await Promise.all([
      import('../../../checks/jaco.ts'),
      import('../../../src/cli/checks-table.ts'),
    ]);
    await this.document(checksTable(jaco));
  }
}
