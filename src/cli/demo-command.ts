import { Flags } from '@oclif/core';
import type { Product } from '../engine/product.ts';
import { DoctorCommand } from './doctor-command.ts';
import type { Demo } from './run-demo.ts';

/** Declares the `demo` command of a product: a fault in its stand-in, and the doctor's report of it. */
export function demoCommand(definition: {
  readonly summary: string;
  readonly load: () => Promise<{ readonly product: Product; readonly demo: Demo }>;
}) {
  return class DemoRun extends DoctorCommand {
    static override summary = definition.summary;
    // oclif would take a word for another command, and end with a code of its own.
    static override strict = false;
    static override usage = '[FAULT]';
    static override flags = {
      verbose: Flags.boolean({ description: 'every check with its evidence and notes' }),
      'no-color': Flags.boolean({ description: 'no colour' }),
    };

    override async run(): Promise<void> {
      const { argv, flags } = await this.parse(DemoRun);
      const [{ runDemo }, { product, demo }] = await Promise.all([import('./run-demo.ts'), definition.load()]);
      await runDemo(product, demo, argv as string[], flags);
    }
  };
}
