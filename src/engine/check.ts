import type { Id } from '../catalog/generated/ids.ts';
import type { Judgement } from './finding.ts';
import { attempt, type Facts, type Needs, type RunLocation, type Source } from './probe.ts';

/** Sources by the name that a check uses for them. */
type Sources = { readonly [name: string]: Source };

/** A check as the engine runs it: a frozen record with one pure function over facts. */
export type Check = {
  readonly name: string;
  readonly group: string;
  readonly where: RunLocation;
  /** A positive claim. It is true when the check passes. */
  readonly title: string;
  /** The sources whose outcome can decide the status without `judge`: first those it requires, then those it reads. */
  readonly gates: Needs;
  /** All sources that the check names: `gates`, and those whose failure its findings explain. */
  readonly needs: Needs;
  /** Every id that it may find, causes first. */
  readonly finds: readonly Id[];
  readonly applies: (facts: never) => true | string;
  readonly judge: (facts: never, now: number) => Judgement;
};

type KeyOf<N> = Extract<keyof N, string>;

/**
 * Declares a check. An id that is not in `finds`, a fact that is not in `reads` and a finding's `explains` that names
 * no source of the check do not compile.
 */
export function check<
  const N extends Needs,
  const I extends Id,
  const R extends Sources = Record<never, never>,
  const E extends Sources = Record<never, never>,
>(definition: {
  readonly name: string;
  readonly group: string;
  readonly where: RunLocation;
  readonly title: string;
  /**
   * Sources without which the claim cannot be judged, although `judge` does not use their value. They are settled
   * before `reads`. If one failed, the row is unknown or blocked. If one is not applicable, so is the row.
   */
  readonly requires?: R;
  /** Sources whose value `applies` or `judge` uses; for an attempt, the outcome. */
  readonly reads: N;
  /** Sources that the check does not read, but whose failure its findings may explain. */
  readonly explains?: E;
  readonly finds: readonly I[];
  /** True, or the reason why the claim does not apply here. */
  readonly applies?: (facts: Facts<N>) => true | string;
  /** `now` is the run's clock, in ms since the epoch. */
  readonly judge: (facts: Facts<N>, now: number) => Judgement<NoInfer<I>, NoInfer<KeyOf<R> | KeyOf<N> | KeyOf<E>>>;
}): Check {
  const { applies = () => true as const, requires = {}, reads, explains = {}, ...rest } = definition;
  const gates: Needs = { ...requires, ...reads };
  const attempts = Object.entries<Source>(explains).map(([key, source]) => [key, attempt(source)] as const);
  const needs: Needs = { ...gates, ...Object.fromEntries(attempts) };
  return Object.freeze({ ...rest, gates, needs, applies }) as Check;
}
