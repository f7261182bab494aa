import type { Product } from '../engine/product.ts';
import { DoctorCommand } from './doctor-command.ts';
import { listFlags } from './list-flags.ts';
import { UsageError } from './usage-error.ts';

/** Declares the `checks` command of a product: the list of its checks. */
export function checksCommand(
  load: () => Promise<Product>,
  /** What the product adds to the JSON document beside the checks. */
  also: () => Promise<{ readonly [key: string]: unknown }> = async () => ({}),
) {
  return class Checks extends DoctorCommand {
    static override summary = 'List the checks in order: what each claims, reads, finds and needs.';
    // If strict, oclif takes an argument for another command and exits with its own code.
    static override strict = false;
    static override flags = listFlags;

    override async run(): Promise<void> {
      const { argv, flags } = await this.parse(Checks);
      if (argv.length > 0)
        throw new UsageError(`checks takes no argument and lists every check; remove "${argv.join(' ')}"`);
      const [product, more, { renderChecks }] = await Promise.all([load(), also(), import('./render-checks.ts')]);
      await this.document(renderChecks(product, more, flags), flags.format);
    }
  };
}
