import { DoctorCommand } from './doctor-command.ts';
import type { ExplainableProduct } from './explain.ts';
import { listFlags } from './list-flags.ts';

/**
 * Declares the `explain` command of a product: it prints what the catalogue says about an id, about words, or about a
 * command's output.
 */
export function explainCommand(definition: {
  readonly summary: string;
  readonly examples: string[];
  readonly product: ExplainableProduct;
}) {
  return class Explain extends DoctorCommand {
    static override summary = definition.summary;
    // If strict, oclif takes an argument for another command and exits with its own code.
    static override strict = false;
    static override usage = '[ID|CHECK|GROUP|TEXT|-]';
    static override examples = definition.examples;
    static override flags = listFlags;

    override async run(): Promise<void> {
      const { argv, flags } = await this.parse(Explain);
      const { renderExplanation } = await import('./render-explanation.ts');
      await this.document(await renderExplanation(definition.product, argv as string[], flags), flags.format);
    }
  };
}
