import type { Json } from './json.ts';
import type { Outcome, Result } from './outcome.ts';

/** Where a probe or a check works: only on the node itself, or anywhere from which a control port can be reached. */
export type RunLocation = 'node' | 'anywhere';

/** A source of a fact, as its readers see it. */
export type Source<T extends Json = Json> = {
  readonly name: string;
  readonly where: RunLocation;
  readonly needs: Needs;
  /** The right that is needed to see all of it, in words; null if every user may. */
  readonly right: string | null;
  /** Only for the type; it is never set. */
  readonly fact?: T;
};

/** A source that is read as an outcome, so that the reader handles its failure and not the engine. */
export type Attempt<T extends Json = Json> = { readonly attempt: Source<T> };

/** The sources that a probe, a derived fact or a check reads, by the name that it uses for them. */
export type Needs = { readonly [name: string]: Source | Attempt };

/** The values behind {@link Needs}: a fact for a source, an outcome for an attempt. */
export type Facts<N extends Needs> = {
  readonly [K in keyof N]: N[K] extends Attempt<infer T> ? Outcome<T> : N[K] extends Source<infer T> ? T : never;
};

/** Reads a source's outcome instead of its value. */
export function attempt<T extends Json>(source: Source<T>): Attempt<T> {
  return { attempt: source };
}

/**
 * What a probe observes: the product, on any machine, or the host itself (its services, processes, kernel, network). A
 * demo has a product, but no host.
 */
export type Observed = 'product' | 'host';

/** A probe: the only code that does I/O. It gives one fact, has one deadline, and only reads. */
export type Probe<T extends Json = Json> = Source<T> & {
  readonly kind: 'probe';
  readonly observes: Observed;
  /** Milliseconds from its own start, after which the engine ends it. */
  readonly deadlineMs: number;
  readonly collect: (io: never, facts: never, signal: AbortSignal) => Promise<Result<T>>;
};

/** Tells the engine the current phase of a probe, so that a timeout can say what the probe was waiting for. */
export type Phase = { readonly phase: (name: string) => void };

/** A fact computed from facts, without I/O. It may refuse, with a reason. */
export type Derived<T extends Json = Json> = Source<T> & {
  readonly kind: 'derived';
  readonly derive: (facts: never, now: number) => Result<T>;
};

export type AnySource = Probe | Derived;

/** Makes the `probe` function for one program's I/O. */
export function probeFactory<Io>() {
  return function probe<T extends Json, const N extends Needs = Record<never, never>>(definition: {
    readonly name: string;
    readonly where?: RunLocation;
    readonly observes?: Observed;
    readonly right?: string;
    readonly after?: N;
    readonly deadlineMs: number;
    readonly collect: (io: Io & Phase, facts: Facts<N>, signal: AbortSignal) => Promise<Result<T>>;
  }): Probe<T> {
    const { name, where = 'node', observes = 'product', right = null, after = {}, deadlineMs, collect } = definition;
    return Object.freeze({
      kind: 'probe',
      name,
      where,
      observes,
      right,
      needs: after,
      deadlineMs,
      collect,
    }) as Probe<T>;
  };
}

/** A fact computed from other facts; `now` is the run's clock in ms since the epoch. */
export function derive<T extends Json, const N extends Needs>(definition: {
  readonly name: string;
  readonly where?: RunLocation;
  readonly from: N;
  readonly derive: (facts: Facts<N>, now: number) => Result<T>;
}): Derived<T> {
  const { name, where = 'anywhere', from } = definition;
  return Object.freeze({
    kind: 'derived',
    name,
    where,
    right: null,
    needs: from,
    derive: definition.derive,
  }) as Derived<T>;
}

/** The sources of needs, read as a value or as an attempt. */
export function sourcesOf(needs: Needs): readonly { key: string; source: AnySource; attempted: boolean }[] {
  return Object.entries(needs).map(([key, need]) =>
    'attempt' in need
      ? { key, source: need.attempt as AnySource, attempted: true }
      : { key, source: need as AnySource, attempted: false },
  );
}
