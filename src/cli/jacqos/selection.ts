import type { Product } from '../../engine/product.ts';
import { type Selection, selectionForIds, unneededSources } from '../../engine/selection.ts';
import type { ReportedOutput } from '../../probes/jacqos/jacqos-probe.ts';
import { runtimeObservation } from '../../probes/jacqos/runtime-observation.ts';

/**
 * The checks that a run judges. With `--from`, these are only the checks that can confirm or refute the reported ids,
 * and those that the user selected. `leftOut` lists the probes that are then not needed.
 */
export function selectionFor(
  product: Product,
  chosen: Selection,
  from: ReportedOutput | null,
  deep: boolean,
): { readonly selection: Selection; readonly leftOut: readonly string[] } {
  if (from === null) return { selection: chosen, leftOut: [] };
  const { only, skip } = chosen;
  const reported = product.order.flatMap(({ check }) => (check.name === 'reported' ? [check] : []));
  const bearing = selectionForIds(product, from.present, reported);
  if (only.length > 0) {
    const named = from.present.filter((id) => product.order.some(({ check }) => hasId(check.finds, id)));
    return { selection: { only: [...only, ...named, ...reported.map(({ name }) => name)], skip }, leftOut: [] };
  }
  if (bearing === null) return { selection: chosen, leftOut: [] };
  const selection = { only: bearing.only, skip: [...bearing.skip, ...skip] };
  return { selection, leftOut: unneededSources(product, selection, deep ? [] : [runtimeObservation]) };
}

function hasId(finds: readonly string[], id: string): boolean {
  return finds.includes(id);
}
