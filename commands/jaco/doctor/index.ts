import { DoctorCommand } from '../../../src/cli/command.ts';
import { type RunFlags, runFlags } from '../../../src/cli/jaco/flags.ts';

export default class Doctor extends DoctorCommand {
  static override summary = 'Find the first thing that is wrong on this JACO node, and the fix that works here.';
  static override description = `Reads only: nothing is written, started or changed.

Exit codes, the same in every format:
  0   nothing failed and every applicable check was evaluated
  1   a check failed; the first failing id is the headline
  2   warnings only, with --fail-on warn
  3   nothing failed, but something could not be looked at
  64  usage: flags, files, or no JACO on this host
  70  the doctor itself broke`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --only raft --verbose',
    'jaco apply app.yaml 2>&1 | <%= config.bin %> <%= command.id %> --from -',
    '<%= config.bin %> <%= command.id %> explain no_leader',
  ];
  static override strict = false;
  static override usage = '[CHECK|GROUP|ID…] [FLAGS]';
  static override flags = runFlags;

  override async run(): Promise<void> {
    const { argv, flags } = (await this.parse(Doctor)) as { argv: string[]; flags: RunFlags };
    const [{ runDoctor }, { ASKING, planOf }, { jaco }] = await Promise.all([
      import('../../../src/cli/run-doctor.ts'),
      import('../../../src/cli/jaco/plan.ts'),
      import('../../../checks/jaco.ts'),
    ]);
    const asking = ASKING.filter((name) => flags[name] !== undefined);
    const plan = () => planOf(jaco, argv, flags, process.env);
    await runDoctor({ product: jaco, words: argv, flags, asking, plan });
  }
}
