import { DoctorCommand } from '../../../src/cli/command.ts';

export default class Checks extends DoctorCommand {
  static override summary = 'List the checks in order: what each claims, reads, finds and needs.';
  static override usage = 'checks';

  override async run(): Promise<void> {
    await this.parse(Checks);
    const [{ jaco }, { checksTable }] = await Promise.all([
      import('../../../checks/index.ts'),
      import('../../../src/cli/checks-table.ts'),
    ]);
    await this.document(checksTable(jaco));
  }
}
