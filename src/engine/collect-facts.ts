import { attributeFaults } from './attribute-faults.ts';
import { cpuFairTimeout } from './cpu-fair-timeout.ts';
import { crashed, derivedOutcome, type Inputs, inputsOf, toOutcome } from './derived-outcome.ts';
import { describeError } from './format.ts';
import type { NextStep } from './next-step.ts';
import { type Failure, failed, type Outcome, type Result } from './outcome.ts';
import { type AnySource, type Phase, type Probe, type RunLocation, sourcesOf } from './probe.ts';

/** An outcome, with the times at which its source started and ended, in ms from the start of the run. */
export type CollectedFact = { readonly outcome: Outcome; readonly startedMs: number; readonly endedMs: number };

export type CollectOptions = {
  /** The access to the outside world that probes get. Each probe gets its own copy, which knows its phase. */
  readonly io: object;
  readonly mode: RunLocation;
  /**
   * Why there is no host to observe. Left out if there is one. Without a host, probes of the host are not applicable.
   */
  readonly hostUnavailable?: string | undefined;
  /** The run's clock for derived facts, ms since the epoch. */
  readonly now: number;
  /** Milliseconds since the start of the run. */
  readonly elapsed: () => number;
  /** Milliseconds from the run's start after which the engine ends every probe that is still open. */
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
      const collected = await Promise.all(needs.map(start));
      const outcomes = new Map(needs.map((need, index) => [need.name, (collected[index] as CollectedFact).outcome]));
      const inputs = inputsOf(source, options.mode, (name) => outcomes.get(name) as Outcome);
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
  const facts = new Map<string, CollectedFact>();
  for (const [name, promise] of pending) facts.set(name, await promise);
  return facts;
}

async function outcomeOf(source: AnySource, inputs: Inputs, options: CollectOptions): Promise<Outcome> {
  if (source.kind === 'derived') return derivedOutcome(source, inputs, options.now);
  if (inputs.kind === 'settled') return inputs.outcome;
  if (source.observes === 'host' && options.hostUnavailable !== undefined)
    return { kind: 'not-applicable', reason: options.hostUnavailable };
  return toOutcome(source, await collect(source, inputs.facts, options));
}

function collect(probe: Probe, facts: Record<string, unknown>, options: CollectOptions): Promise<Result> {
  const remainingMs = Math.max(0, options.budgetMs - options.elapsed());
  let phase = 'start';
  const controller = new AbortController();
  return new Promise<Result>((resolve) => {
    const finish = (result: Result): void => {
      clearTimeout(budget);
      cancelTimeout();
      resolve(result);
      // On this signal, the probe closes what it still holds open.
      controller.abort();
    };
    const timedOut = (why: Failure['why'], limit: string, next?: NextStep) => (): void =>
      finish(failed(why, phase, `no answer ${limit}, at ${phase}`, null, next));
    const { budgetMs } = options;
    const budget = setTimeout(
      timedOut('budget', "before the run's time was over", { kind: 'more-time', budgetMs }),
      remainingMs,
    );
    const cancelTimeout = cpuFairTimeout(probe.deadlineMs, timedOut('timeout', `within ${probe.deadlineMs} ms`));
    attributeFaults(
      (fault) => finish(crashed(fault)),
      () => {
        const phaseRecorder: Phase = {
          phase: (name) => {
            phase = name;
          },
        };
        const io = Object.assign(Object.create(options.io), phaseRecorder) as never;
        // Runs in a microtask, so that a synchronous throw becomes a rejection.
        Promise.resolve()
          .then(() => probe.collect(io, facts as never, controller.signal))
          .then(finish, (thrown) => finish(crashed(describeError(thrown))));
      },
    );
  });
}
