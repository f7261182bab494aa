import { Flags } from '@oclif/core';
import type { Product } from '../engine/product.ts';
import { DoctorCommand } from './doctor-command.ts';
import { listFlags } from './list-flags.ts';
import type { Demo, DemoFault } from './run-demo.ts';

/** Declares the `demo` command of a product: it puts a fault into the stand-in and prints the doctor's report of it. */
export function demoCommand(definition: { readonly summary: string; readonly product: Product; readonly demo: Demo }) {
  const { summary, product, demo } = definition;
  return class DemoRun extends DoctorCommand {
    static override summary = summary;
    static override description =
      `Without a fault, shows ${demo.defaultFault}. The faults, by the group of checks that finds them:\n\n${faultList(product, demo.faultsOf(product))}`;
    // If strict, oclif takes an argument for another command and exits with its own code.
    static override strict = false;
    static override usage = '[FAULT]';
    static override flags = {
      verbose: Flags.boolean({ description: 'every check with its evidence and notes' }),
      ...listFlags,
    };

    override async run(): Promise<void> {
      const { argv, flags } = await this.parse(DemoRun);
      const { runDemo } = await import('./run-demo.ts');
      await runDemo(product, demo, argv as string[], flags);
    }
  };
}

/** The faults by group, in the order of the checks. States in which nothing fails come last. */
function faultList({ order }: Product, faults: readonly DemoFault[]): string {
  const healthy = 'nothing wrong';
  const groupOf = ({ expects, warns }: DemoFault): string =>
    order.find(({ check }) => (check.finds as readonly string[]).includes(expects ?? warns ?? ''))?.check.group ??
    healthy;
  const groups = [...new Set([...order.map(({ check }) => check.group), healthy])];
  return groups
    .flatMap((group) => {
      const names = faults.filter((fault) => groupOf(fault) === group).map(({ name }) => name);
      return names.length === 0 ? [] : [`${group}: ${names.join(', ')}`];
    })
    .join('\n\n');
}
