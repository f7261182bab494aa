import { DoctorCommand } from '../../../src/cli/command.ts';

export default class Explain extends DoctorCommand {
  static override summary = 'Say what an id, a state or a symptom means and how it is mended. Works offline.';
  static override usage = '[ID|TEXT|-]';
  static override examples = [
    '<%= config.bin %> <%= command.id %> no_leader',
    '<%= config.bin %> <%= command.id %> staging certificate still served',
    'jaco apply app.yaml 2>&1 | <%= config.bin %> <%= command.id %> -',
  ];
  static override strict = false;

  override async run(): Promise<void> {
    const { argv } = await this.parse(Explain);
    const { explain } = await import('../../../src/cli/explain.ts');
    const idsIn = async (text: string) =>
      (await import('../../../src/probes/jaco/find-ids-in-text.ts')).findIdsInText(text);
    await this.document(await explain({ name: 'jaco', bin: 'jaco-doctor', idsIn }, argv as string[]));
  }
}
