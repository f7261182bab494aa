import pjson from '../../package.json' with { type: 'json' };
import { installFaultGuard } from '../engine/attribute-faults.ts';
import { collectFacts } from '../engine/collect-facts.ts';
import { mapStrings } from '../engine/json.ts';
import type { RunLocation } from '../engine/probe.ts';
import type { Product } from '../engine/product.ts';
import { type RunFacts, sourcesOfRun } from '../engine/run-facts.ts';
import type { Selection } from '../engine/selection.ts';
import type { FailOn } from '../engine/verdict.ts';
import type { Recording } from '../record/recording.ts';
import { vault } from '../vault/vault.ts';

/** The input of one run of the probes. */
export type RunProbesOptions = {
  readonly product: Product;
  /** The access to the outside world that the product's probes get: its settings, and the secrets that they may use. */
  readonly io: object;
  readonly mode: RunLocation;
  /** Why there is no host to observe. Left out if there is one. */
  readonly hostUnavailable?: string;
  readonly selection: Selection;
  readonly failOn: FailOn;
  /** Flags that a printed verify command repeats. */
  readonly repeat: readonly string[];
  /** ms from the start of the process until every probe is ended. */
  readonly budgetMs: number;
  readonly onSettled?: (name: string, open: readonly string[]) => void;
  /** Called with an error that belongs to no probe: a bug of the doctor. */
  readonly onUnownedError: (error: unknown) => void;
};

/** Runs the probes and keeps every outcome. `--record` writes the result, and a report is made from it. */
export async function runProbes(options: RunProbesOptions): Promise<Recording> {
  const { product, selection, mode, failOn, repeat, io } = options;
  const now = Date.now();
  const started = performance.now();
  const undo = installFaultGuard(options.onUnownedError);
  try {
    const facts = await collectFacts(sourcesOfRun(product, selection, [product.situation]), {
      mode,
      now,
      io,
      hostUnavailable: options.hostUnavailable,
      // The budget counts from the start of the process, module loading included.
      elapsed: () => performance.now() - started,
      budgetMs: Math.max(0, options.budgetMs - started),
      ...(options.onSettled ? { onSettled: options.onSettled } : {}),
    });
    const durationMs = Math.round(performance.now());
    return {
      tool: toolOf(product),
      product: product.name,
      mode,
      now,
      durationMs,
      selection,
      failOn,
      repeat,
      facts: withoutSecrets(facts),
    };
  } finally {
    undo();
  }
}

/** A probe keeps no secret, but the answer of a daemon or program may contain one. */
function withoutSecrets(facts: RunFacts): RunFacts {
  if (vault.isEmpty) return facts;
  const redacted = [...facts].map(
    ([name, { outcome, ...times }]) =>
      [name, { outcome: mapStrings(outcome, (text) => vault.redact(text)), ...times }] as const,
  );
  return new Map(redacted);
}

/** This program's name and version, for the reports and recordings of a product. */
export function toolOf({ bin }: Product): Recording['tool'] {
  return { name: bin, version: pjson.version };
}
