import type { Id } from '../catalog/generated/ids.ts';
import type { Judgement } from './finding.ts';
import type { Facts, Needs, Where } from './probe.ts';

/** A check as the engine runs it: a frozen record with one pure function over facts. */
export type Check = {
  readonly name: string;
  readonly group: string;
  readonly where: Where;
  /** A positive claim, true when the check passes. */
  readonly title: string;
  readonly reads: Needs;
  /** Every id it may find, root first. */
  readonly finds: readonly Id[];
  readonly applies: (facts: never) => true | string;
  readonly judge: (facts: never, now: number) => Judgement;
};

type KeyOf<N> = Extract<keyof N, string>;

/**
 * Declares a check. An id that is not in `finds`, a fact that is not in `reads` and an `explains` that names neither do
 * not compile.
 */
export function check<const N extends Needs, const I extends Id>(definition: {
  readonly name: string;
  readonly group: string;
  readonly where: Where;
  readonly title: string;
  readonly reads: N;
  readonly finds: readonly I[];
  /** True, or the reason why the claim has no meaning here. */
  readonly applies?: (facts: Facts<N>) => true | string;
  /** `now` is the run's clock, in ms since the epoch. */
  readonly judge: (facts: Facts<N>, now: number) => Judgement<NoInfer<I>, KeyOf<N>>;
}): Check {
  const { applies = () => true as const, ...rest } = definition;
  return Object.freeze({ ...rest, applies }) as Check;
}
