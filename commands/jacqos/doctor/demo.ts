import { Flags } from '@oclif/core';
import { DoctorCommand } from '../../../src/cli/command.ts';

export default class Demo extends DoctorCommand {
  static override summary =
    'Break a stand-in cloud inside this process and show what the doctor says of it. Needs no network.';
  static override usage = '[FAULT]';
  static override strict = false;
  static override flags = {
    verbose: Flags.boolean({ description: 'every check with its evidence and notes' }),
    'no-color': Flags.boolean({ description: 'no colour' }),
  };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(Demo);
    const [{ demo }, { jacqos }] = await Promise.all([
      import('../../../src/cli/jacqos/demo.ts'),
      import('../../../checks/jacqos.ts'),
    ]);
    await demo(jacqos, argv as string[], flags);
  }
}
