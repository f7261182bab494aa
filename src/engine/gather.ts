import { blamed, describe } from './guard.ts';
import type { Failure, Outcome, Result } from './outcome.ts';
import { type AnySource, type Phase, type Probe, sourcesOf, type Where } from './probe.ts';
import { clean } from './text.ts';

/** An outcome and when, in ms from the start of the run, it began and was there. */
export type Gathered = { readonly outcome: Outcome; readonly startedMs: number; readonly endedMs: number };

export type GatherOptions = {
  /** What probes reach the world through; each gets its own copy that knows its phase. */
  readonly io: object;
  readonly mode: Where;
  /** The run's clock for derived facts, ms since the epoch. */
  readonly now: number;
  /** Milliseconds since the run began. */
  readonly elapsed: () => number;
  /** Milliseconds from the run's start at which every probe still open is ended. */
  readonly budgetMs: number;
  readonly onSettled?: (name: string, open: readonly string[]) => void;
};

/** What a probe finds when the sources it needs failed, cannot be had here, or gave their facts. */
type Inputs =
  | { readonly kind: 'ready'; readonly facts: Record<string, unknown> }
  | { readonly kind: 'settled'; readonly outcome: Outcome };

/** Runs every source once, each as early as its needs allow, and returns when all have an outcome. */
export async function gather(
  sources: readonly AnySource[],
  options: GatherOptions,
): Promise<ReadonlyMap<string, Gathered>> {
  const pending = new Map<string, Promise<Gathered>>();
  const open = new Set(sources.map((source) => source.name));
  const start = (source: AnySource): Promise<Gathered> => {
    const started = pending.get(source.name);
    if (started) return started;
    const promise = (async () => {
      const inputs = await settle(source, (need) => start(need));
      const startedMs = options.elapsed();
      const outcome = await outcomeOf(source, inputs, options);
      open.delete(source.name);
      options.onSettled?.(source.name, [...open]);
      return { outcome, startedMs, endedMs: options.elapsed() };
    })();
    pending.set(source.name, promise);
    return promise;
  };
  await Promise.all(sources.map(start));
  const gathered = new Map<string, Gathered>();
  for (const [name, promise] of pending) gathered.set(name, await promise);
  return gathered;
}

async function settle(source: AnySource, outcomeOfNeed: (need: AnySource) => Promise<Gathered>): Promise<Inputs> {
  const needs = sourcesOf(source.needs);
  const outcomes = await Promise.all(needs.map(async (need) => (await outcomeOfNeed(need.source)).outcome));
  const facts: Record<string, unknown> = {};
  for (const [index, need] of needs.entries()) {
    const outcome = outcomes[index] as Outcome;
    if (need.attempted) facts[need.key] = outcome;
    else if (outcome.kind === 'value') facts[need.key] = outcome.value;
    else return { kind: 'settled', outcome };
  }
  return { kind: 'ready', facts };
}

async function outcomeOf(source: AnySource, inputs: Inputs, options: GatherOptions): Promise<Outcome> {
  if (source.where === 'node' && options.mode === 'anywhere')
    return { kind: 'not-applicable', reason: 'visible only on the node itself' };
  if (inputs.kind === 'settled') return inputs.outcome;
  const complete = (result: Result): Outcome =>
    result.kind === 'failed'
      ? { kind: 'failed', failure: { root: source.name, ...result.failure, detail: clean(result.failure.detail) } }
      : result;
  if (source.kind === 'probe') return complete(await collect(source, inputs.facts, options));
  const { derive } = source;
  let blame: string | null = null;
  try {
    const result = blamed(
      (what) => {
        blame = what;
      },
      () => derive(inputs.facts as never, options.now),
    );
    return complete(blame === null ? result : crashed(blame));
  } catch (thrown) {
    return complete(crashed(blame ?? describe(thrown)));
  }
}

function crashed(what: string): Result {
  return { kind: 'failed', failure: { why: 'crashed', phase: 'run', detail: `check_crashed: ${what}` } };
}

function collect(probe: Probe, facts: Record<string, unknown>, options: GatherOptions): Promise<Result> {
  const left = options.budgetMs - options.elapsed();
  const budgetIsNearer = left < probe.deadlineMs;
  const limitMs = Math.max(0, Math.min(left, probe.deadlineMs));
  let phase = 'start';
  const controller = new AbortController();
  return new Promise<Result>((resolve) => {
    const finish = (result: Result): void => {
      clearTimeout(timer);
      resolve(result);
      // Whatever the probe still holds open is its own to end on this signal.
      controller.abort();
    };
    const timer = setTimeout(() => {
      const why: Failure['why'] = budgetIsNearer ? 'budget' : 'timeout';
      const limit = budgetIsNearer ? `the run's time (${options.budgetMs} ms)` : `${probe.deadlineMs} ms`;
      finish({ kind: 'failed', failure: { why, phase, detail: `no answer within ${limit}, at ${phase}` } });
    }, limitMs);
    blamed(
      (what) => finish(crashed(what)),
      () => {
        const tellPhase: Phase = {
          phase: (name) => {
            phase = name;
          },
        };
        const io = Object.assign(Object.create(options.io), tellPhase) as never;
        // A microtask of its own, so that a synchronous throw is a rejection like any other.
        Promise.resolve()
          .then(() => probe.collect(io, facts as never, controller.signal))
          .then(finish, (thrown) => finish(crashed(describe(thrown))));
      },
    );
  });
}
