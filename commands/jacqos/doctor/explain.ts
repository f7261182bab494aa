import { DoctorCommand } from '../../../src/cli/command.ts';

export default class Explain extends DoctorCommand {
  static override summary = 'Say what an id or a symptom means and what to do. Works offline.';
  static override usage = '[ID|TEXT|-]';
  static override examples = [
    '<%= config.bin %> <%= command.id %> no_active_evaluator',
    '<%= config.bin %> <%= command.id %> cloud append is rejected',
    'jacqos cloud deploy --json 2>&1 | <%= config.bin %> <%= command.id %> -',
  ];
  static override strict = false;

  override async run(): Promise<void> {
    const { argv } = await this.parse(Explain);
    const { explain } = await import('../../../src/cli/explain.ts');
    const idsIn = async (text: string) => {
      const { readOutput } = await import('../../../src/probes/jacqos/reader/read-output.ts');
      const { present, mentioned, unrecognised } = readOutput(text, { failed: true });
      return { ids: [...present, ...mentioned.map(({ id }) => id)], unrecognised };
    };
    await this.document(await explain({ name: 'jacqos', bin: 'jacqos-doctor', idsIn }, argv as string[]));
  }
}
