import type { ProductName } from '../catalog/generated/catalogs.ts';
import type { Check } from './check.ts';
import type { Derived, Source } from './probe.ts';
import type { Situation } from './situation.ts';

/**
 * A check's place in the order, and the probes that it owns: those whose failure its findings explain to later rows. It need
 * not read them. `with` are the checks that are judged too if only this one is asked for; the owners of its sources unless given.
 */
export type OrderedCheck = {
  readonly check: Check;
  readonly owns?: readonly Source[];
  readonly with?: readonly Check[];
};

/** A product: its checks in the order in which their findings lead. */
export type Product = {
  readonly name: ProductName;
  /** The bin a user types, as printed in commands. */
  readonly bin: string;
  readonly order: readonly OrderedCheck[];
  readonly situation: Derived<Situation>;
  /** What the header of a report says of its target after the host name. */
  readonly headerFields: (target: Pick<Situation, 'via' | 'version' | 'leader'>) => readonly string[];
};
