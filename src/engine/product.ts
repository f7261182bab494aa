import type { ProductName } from '../catalog/generated/catalogs.ts';
import type { Check } from './check.ts';
import type { Derived, Source } from './probe.ts';
import type { Situation } from './situation.ts';

/**
 * A check and its position in the order. `owns` are the probes whose failure its findings explain: later checks that
 * need such a probe are blocked by it. The check need not read them itself. `with` are the checks that are also judged
 * if only this one is selected; the default is the owners of its sources.
 */
export type OrderedCheck = {
  readonly check: Check;
  readonly owns?: readonly Source[];
  readonly with?: readonly Check[];
};

/** A product: its checks in the order in which their findings lead. */
export type Product = {
  readonly name: ProductName;
  /** The bin that a user types, for printed commands. */
  readonly bin: string;
  readonly order: readonly OrderedCheck[];
  readonly situation: Derived<Situation>;
  /** What the header of a report shows about its target after the host name. */
  readonly headerFields: (target: Pick<Situation, 'via' | 'version' | 'leader' | 'leaderless'>) => readonly string[];
};
