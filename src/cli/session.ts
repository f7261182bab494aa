import pjson from '../../package.json' with { type: 'json' };
import { loadCatalog } from '../catalog/catalog.ts';
import { severityOf } from '../catalog/generated/ids.ts';
import { installGuard } from '../engine/guard.ts';
import { mapStrings } from '../engine/json.ts';
import type { Where } from '../engine/probe.ts';
import type { Product } from '../engine/product.ts';
import { collectRun, judgeRun, type RunFacts, type RunOptions, rederiveFacts } from '../engine/run.ts';
import type { Selection } from '../engine/select.ts';
import type { Situation } from '../engine/situation.ts';
import type { FailOn } from '../engine/verdict.ts';
import type { Recording } from '../record/recording.ts';
import { compose } from '../report/compose.ts';
import type { Report } from '../report/report.ts';
import { vault } from '../vault/vault.ts';
import { invocationOf } from './invocation.ts';

/** What one run of the probes needs to know. */
export type SessionOptions = {
  readonly product: Product;
  /** What the product's probes reach the world through: its settings, and whatever secret they may use. */
  readonly io: object;
  readonly mode: Where;
  /** Why there is no host to observe; left out if there is one. */
  readonly hostUnavailable?: string;
  readonly selection: Selection;
  readonly failOn: FailOn;
  /** Flags a printed verify command repeats. */
  readonly repeat: readonly string[];
  /** ms from the start of the process until every probe is ended. */
  readonly budgetMs: number;
  readonly onSettled?: (name: string, open: readonly string[]) => void;
  /** Told of an error that belongs to no probe: a bug of the doctor itself. */
  readonly onUnownedError: (error: unknown) => void;
};

/** Runs the probes and keeps every outcome: what `--record` writes and a report is made from. */
export async function runProbes(options: SessionOptions): Promise<Recording> {
  const { product, selection, mode, failOn, repeat, io } = options;
  const now = Date.now();
  const started = performance.now();
  const undo = installGuard(options.onUnownedError);
  try {
    const facts = await collectRun(product, {
      ...runOptions({ selection, mode, now }),
      io,
      hostUnavailable: options.hostUnavailable,
      extra: [product.situation],
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

/** A probe keeps no secret; what a daemon or a program says back may hold one all the same. */
function withoutSecrets(facts: RunFacts): RunFacts {
  if (vault.isEmpty) return facts;
  const redacted = [...facts].map(
    ([name, { outcome, ...times }]) =>
      [name, { outcome: mapStrings(outcome, (text) => vault.redact(text)), ...times }] as const,
  );
  return new Map(redacted);
}

function runOptions(of: { selection: Selection; mode: Where; now: number }): RunOptions {
  return { ...of, severityOf: (id) => severityOf[id] };
}

/**
 * A recording that was read from a file, as this version judges it: with derived facts that are computed from what the probes
 * recorded. A run of this process has computed them already.
 */
export function replayOf(product: Product, recording: Recording): Recording {
  const foreign = recording.tool.version !== toolOf(product).version;
  const undo = installGuard(() => {});
  try {
    return { ...recording, facts: rederiveFacts(product, recording.facts, { ...recording, foreign }) };
  } finally {
    undo();
  }
}

/** The report of a run or of a {@link replayOf} its recording: both are the same. */
export async function reportOf(product: Product, recording: Recording): Promise<Report> {
  const options = runOptions(recording);
  const catalog = await loadCatalog(product.name);
  const undo = installGuard(() => {});
  try {
    return compose({
      product: product.name,
      tool: recording.tool,
      mode: recording.mode === 'node' ? 'node' : 'remote',
      situation: situationOf(product, recording.facts),
      invocation: { command: invocationOf(product), flags: recording.repeat },
      rows: judgeRun(product, recording.facts, options),
      entryOf: catalog.entry,
      severityOf: options.severityOf,
      failOn: recording.failOn,
      startedAt: recording.now,
      durationMs: recording.durationMs,
    });
  } finally {
    undo();
  }
}

/** The run's situation; an empty one where even that could not be had. */
export function situationOf(product: Product, facts: RunFacts): Situation {
  const outcome = facts.get(product.situation.name)?.outcome;
  if (outcome?.kind === 'value') return outcome.value as unknown as Situation;
  const withhold = 'the state of this host could not be learnt';
  const nothing = { via: null, version: null, leader: null, values: {}, assumed: [], holds: [], nothingHere: null };
  return { host: 'unknown host', ...nothing, withhold };
}

/** This program's name and version, as the reports and recordings of a product carry them. */
function toolOf({ bin }: Product): Recording['tool'] {
  return { name: bin, version: pjson.version };
}
