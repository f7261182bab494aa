import type { Product } from '../../engine/product.ts';
import { bearingOn, type Selection, unneeded } from '../../engine/select.ts';
import type { FromText } from '../../probes/jacqos/io.ts';
import { observe } from '../../probes/jacqos/observe.ts';

/**
 * What a run looks at. Ids that a failed command named narrow it to what confirms or refutes them, unless the user chose;
 * `leftOut` are the probes that are then not needed.
 */
export function selectionFor(
  product: Product,
  chosen: Selection,
  from: FromText | null,
  deep: boolean,
): { readonly selection: Selection; readonly leftOut: readonly string[] } {
  if (from === null || chosen.only.length > 0 || chosen.skip.length > 0) return { selection: chosen, leftOut: [] };
  const reported = product.order.flatMap(({ check }) => (check.name === 'reported' ? [check] : []));
  const selection = bearingOn(product, from.present, reported);
  if (selection === null) return { selection: chosen, leftOut: [] };
  return { selection, leftOut: unneeded(product, selection, deep ? [] : [observe]) };
}
