import type { Product } from '../engine/product.ts';
import { describeChecks } from './describe-check.ts';
import { listChecks } from './list-checks.ts';
import type { ListFlags } from './list-flags.ts';
import { listLayout } from './terminal.ts';

/** The document of `checks`: every check of a product in order. The product adds `more` to the JSON. */
export function renderChecks(product: Product, more: { readonly [key: string]: unknown }, flags: ListFlags): string {
  const checks = describeChecks(product);
  if (flags.format === 'json')
    return `${JSON.stringify({ schema: 'doctor-checks/1', product: product.name, checks, ...more }, null, 2)}\n`;
  return listChecks(checks, listLayout(flags['no-color'], process.stdout, process.env));
}
