import { DoctorCommand } from './doctor-command.ts';
import type { Explained } from './explain.ts';
import { listFlags } from './list-flags.ts';

/** Declares the `explain` command of a product: what its catalogue says of an id, of words, or of a command's output. */
export function explainCommand(definition: {
  readonly summary: string;
  readonly examples: string[];
  readonly product: Explained;
}) {
  return class Explain extends DoctorCommand {
    static override summary = definition.summary;
    // oclif would take a word for another command, and end with a code of its own.
    static override strict = false;
    static override usage = '[ID|CHECK|GROUP|TEXT|-]';
    static override examples = definition.examples;
    static override flags = listFlags;

    override async run(): Promise<void> {
      const { argv, flags } = await this.parse(Explain);
      const { printExplanation } = await import('./print-explanation.ts');
      await this.document(await printExplanation(definition.product, argv as string[], flags), flags.format);
    }
  };
}
