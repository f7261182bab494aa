import type { Interfaces } from '@oclif/core';
import { DoctorCommand } from './doctor-command.ts';
import type { CommonFlags } from './flags.ts';
import type { ProductRun } from './run-doctor.ts';

/** Declares the `doctor` command of a product: one run of its checks. */
export function runCommand<Given extends CommonFlags>(definition: {
  readonly summary: string;
  /** What a run reads, for the help text. */
  readonly reads: string;
  /** For the help text: which failing id leads, and what is a usage error. */
  readonly exitCodes: { readonly first: string; readonly usage: string };
  readonly examples: string[];
  readonly flags: Interfaces.FlagInput<Given>;
  /** The code of the run itself, loaded only if a run starts. */
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
3   nothing failed, but an applicable check could not be evaluated
64  usage error: ${exitCodes.usage}
70  internal error of the doctor, or output could not be written`;
    static override examples = examples;
    // If strict, oclif takes an argument for another command and exits with its own code.
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
