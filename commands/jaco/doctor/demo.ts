import { Flags } from '@oclif/core';
import { DoctorCommand } from '../../../src/cli/command.ts';

export default class Demo extends DoctorCommand {
  static override summary =
    'Break a small cluster inside this process and show what the doctor says of it. Needs no root.';
  static override usage = '[FAULT]';
  static override strict = false;
  static override flags = {
    verbose: Flags.boolean({ description: 'every check with its evidence and notes' }),
    'no-color': Flags.boolean({ description: 'no colour' }),
  };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(Demo);
    const [{ demo }, { jaco }] = await Promise.all([
      import('../../../src/cli/jaco/demo.ts'),
      import('../../../checks/jaco.ts'),
    ]);
    await demo(jaco, argv as string[], flags);
  }
}
