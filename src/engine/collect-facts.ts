import { cpuFairTimeout } from './cpu-fair-timeout.ts';
import { describeError } from './format.ts';
import { withBlame } from './guard.ts';
import { completed, crashed, derivedOutcome, type Inputs, inputsOf } from './inputs.ts';
import type { Failure, Outcome, Result } from './outcome.ts';
import { type AnySource, type Phase, type Probe, sourcesOf, type Where } from './probe.ts';

/** An outcome and when, in ms from the start of the run, it began and was there. */
export type CollectedFact = { readonly outcome: Outcome; readonly startedMs: number; readonly endedMs: number };

export type CollectOptions = {
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

/** Runs every source once, each as early as its needs allow, and returns when all have an outcome. */
export async function collectFacts(
  sources: readonly AnySource[],
  options: CollectOptions,
): Promise<ReadonlyMap<string, CollectedFact>> {
  const pending = new Map<string, Promise<CollectedFact>>();
  const open = new Set(sources.map((source) => source.name));
  const start = (source: AnySource): Promise<CollectedFact> => {
    const started = pending.get(source.name);
    if (started) return started;
    const promise = (async () => {
      const needs = sourcesOf(source.needs).map((need) => need.source);
      const gathered = await Promise.all(needs.map(start));
      const below = new Map(needs.map((need, index) => [need.name, (gathered[index] as CollectedFact).outcome]));
      const inputs = inputsOf(source, options.mode, (name) => below.get(name) as Outcome);
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
  const gathered = new Map<string, CollectedFact>();
  for (const [name, promise] of pending) gathered.set(name, await promise);
  return gathered;
}

async function outcomeOf(source: AnySource, inputs: Inputs, options: CollectOptions): Promise<Outcome> {
  if (source.kind === 'derived') return derivedOutcome(source, inputs, options.now);
  if (inputs.kind === 'settled') return inputs.outcome;
  return completed(source, await collect(source, inputs.facts, options));
}

function collect(probe: Probe, facts: Record<string, unknown>, options: CollectOptions): Promise<Result> {
  const left = Math.max(0, options.budgetMs - options.elapsed());
  let phase = 'start';
  const controller = new AbortController();
  return new Promise<Result>((resolve) => {
    const finish = (result: Result): void => {
      clearTimeout(budget);
      cancelTimeout();
      resolve(result);
      // Whatever the probe still holds open is its own to end on this signal.
      controller.abort();
    };
    const late = (why: Failure['why'], limit: string) => (): void =>
      finish({ kind: 'failed', failure: { why, phase, detail: `no answer ${limit}, at ${phase}` } });
    const budget = setTimeout(late('budget', "before the run's time was over"), left);
    const cancelTimeout = cpuFairTimeout(probe.deadlineMs, late('timeout', `within ${probe.deadlineMs} ms`));
    withBlame(
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
          .then(finish, (thrown) => finish(crashed(describeError(thrown))));
      },
    );
  });
}
