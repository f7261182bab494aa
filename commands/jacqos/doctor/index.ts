import { DoctorCommand } from '../../../src/cli/command.ts';
import { type RunFlags, runFlags } from '../../../src/cli/jacqos/flags.ts';

export default class Doctor extends DoctorCommand {
  static override summary = 'Find the first thing that is wrong with a JacqOS Cloud step, and the narrowest next one.';
  static override description =
    `Reads only: two commands of jacqos (cloud readiness and cloud status), health addresses with GET, and files.

Exit codes, the same in every format:
  0   nothing failed and every applicable check was evaluated
  1   a check failed; the first failing id in triage order is the headline
  2   warnings only, with --fail-on warn
  3   nothing failed, but something could not be looked at
  64  usage: flags, files
  70  the doctor itself broke`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    'jacqos cloud deploy --json 2>&1 | <%= config.bin %> <%= command.id %> --from -',
    '<%= config.bin %> <%= command.id %> --deep --app-id APP --environment-id ENV',
    '<%= config.bin %> <%= command.id %> explain no_active_evaluator',
  ];
  static override strict = false;
  static override usage = '[CHECK|GROUP|ID…] [FLAGS]';
  static override flags = runFlags;

  override async run(): Promise<void> {
    const { argv, flags } = (await this.parse(Doctor)) as { argv: string[]; flags: RunFlags };
    const [{ runDoctor }, { ASKING, planOf }, { jacqos }] = await Promise.all([
      import('../../../src/cli/run-doctor.ts'),
      import('../../../src/cli/jacqos/plan.ts'),
      import('../../../checks/jacqos.ts'),
    ]);
    const asking = ASKING.filter((name) => flags[name] !== undefined);
    const plan = () => planOf(jacqos, argv, flags, process.env);
    await runDoctor({ product: jacqos, words: argv, flags, asking, plan });
  }
}
