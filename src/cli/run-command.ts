import type { Interfaces } from '@oclif/core';
import { DoctorCommand } from './doctor-command.ts';
import type { CommonFlags } from './flags.ts';
import type { ProductRun } from './run-doctor.ts';

/** Declares the `doctor` command of a product: one run of its checks. */
export function runCommand<Given extends CommonFlags>(definition: {
  readonly summary: string;
  /** What a run reads, as its help says it. */
  readonly reads: string;
  /** Which failing id leads, and what ends as a usage error. */
  readonly exitCodes: { readonly first: string; readonly usage: string };
  readonly examples: string[];
  readonly flags: Interfaces.FlagInput<Given>;
  /** What the run itself needs, loaded only if there is one. */
  readonly load: () => Promise<ProductRun<Given>>;
}) {
  const { summary, reads, exitCodes, examples, flags, load } = definition;
  return class Run extends DoctorCommand {
    static override summary = summary;
    static override description = `${reads}

Exit codes, the same in every format:
  0   nothing failed and every applicable check was evaluated
  1   a check failed; ${exitCodes.first} is the headline
  2   warnings only, with --fail-on warn
  3   nothing failed, but something could not be checked
  64  usage: ${exitCodes.usage}
  70  the doctor itself broke, or output could not be written`;
    static override examples = examples;
    // oclif would take a word for another command, and end with a code of its own.
    static override strict = false;
    static override usage = '[CHECK|GROUP|ID…] [FLAGS]';
    static override flags = flags;

    override async run(): Promise<void> {
      const { argv, flags: given } = await this.parse(Run);
      const [{ runDoctor }, run] = await Promise.all([import('./run-doctor.ts'), load()]);
      await runDoctor({ ...run, words: argv as string[], flags: given });
    }
  };
}
