import type { MarkChange } from './table.ts';

/** Marks that a packet may have; null means any. More than a few are not tracked. */
export type Marks = readonly number[] | null;

const MAX_MARKS = 64;

/** The marks of a packet and of its connection. */
export type MarkState = { readonly mark: Marks; readonly ctMark: Marks };

/** The marks after a rule that surely applies. */
export function withChanges(state: MarkState, changes: readonly MarkChange[]): MarkState {
  let after = state;
  for (const change of changes)
    after =
      change.target === 'mark'
        ? { mark: changed(after, change), ctMark: after.ctMark }
        : { mark: after.mark, ctMark: changed(after, change) };
  return after;
}

/** The possible marks after two alternative ways. */
export function unionOf(one: Marks, other: Marks): Marks {
  return one === null || other === null ? null : bounded([...one, ...other]);
}

function changed(state: MarkState, change: MarkChange): Marks {
  if ('unknown' in change) return null;
  const { target, retain, source, keep, flip } = change;
  const kept = masked(target === 'mark' ? state.mark : state.ctMark, retain);
  const copied = source === null ? [0] : masked(source === 'mark' ? state.mark : state.ctMark, keep);
  if (kept === null || copied === null) return null;
  return bounded(kept.flatMap((one) => copied.map((other) => (one ^ other ^ flip) >>> 0)));
}

function masked(marks: Marks, mask: number): Marks {
  if (mask === 0) return [0];
  return marks?.map((mark) => (mark & mask) >>> 0) ?? null;
}

function bounded(marks: readonly number[]): Marks {
  const distinct = [...new Set(marks)];
  return distinct.length > MAX_MARKS ? null : distinct;
}
