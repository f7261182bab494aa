import { loadCatalog } from '../catalog/catalog.ts';
import { type Id, severityOf } from '../catalog/generated/ids.ts';
import { installFaultGuard } from '../engine/attribute-faults.ts';
import { judgeRun } from '../engine/judge-run.ts';
import type { Product } from '../engine/product.ts';
import { type RunFacts, rederiveFacts } from '../engine/run-facts.ts';
import type { Selection } from '../engine/selection.ts';
import type { Situation } from '../engine/situation.ts';
import type { Recording } from '../record/recording.ts';
import { compose } from '../report/compose.ts';
import type { Report } from '../report/report.ts';
import { invocationOf } from './invocation.ts';
import { toolOf } from './run-probes.ts';

/**
 * A recording that was read from a file, with its derived facts computed again by this version. A recording of this
 * process has them already.
 */
export function replayOf(product: Product, recording: Recording): Recording {
  const foreign = recording.tool.version !== toolOf(product).version;
  const undo = installFaultGuard(() => {});
  try {
    return { ...recording, facts: rederiveFacts(product, recording.facts, { ...recording, foreign }) };
  } finally {
    undo();
  }
}

/** The report of a run, or of a recording after {@link replayOf}: both reports are the same. */
export async function buildReport(product: Product, recording: Recording): Promise<Report> {
  const catalog = await loadCatalog(product.name);
  const undo = installFaultGuard(() => {});
  try {
    return compose({
      product: product.name,
      tool: recording.tool,
      mode: recording.mode === 'node' ? 'node' : 'remote',
      situation: situationOf(product, recording.facts),
      invocation: {
        command: invocationOf(product),
        flags: recording.repeat,
        selection: selectionFlags(recording.selection),
      },
      rows: judgeRun(product, recording.facts, { ...recording, severityOf: severity }),
      entryOf: catalog.entry,
      severityOf: severity,
      failOn: recording.failOn,
      startedAt: recording.now,
      durationMs: recording.durationMs,
    });
  } finally {
    undo();
  }
}

/** `--only` and `--skip` as they are typed. */
function selectionFlags({ only, skip }: Selection): readonly string[] {
  const flag = (name: string, names: readonly string[]): readonly string[] =>
    names.length === 0 ? [] : [name, names.join(',')];
  return [...flag('--only', only), ...flag('--skip', skip)];
}

/** The run's situation, or an empty one if it could not be determined. */
export function situationOf(product: Product, facts: RunFacts): Situation {
  const outcome = facts.get(product.situation.name)?.outcome;
  if (outcome?.kind === 'value') return outcome.value as unknown as Situation;
  const withhold = 'the state of this host could not be determined';
  const nothing = {
    via: null,
    asRoot: null,
    version: null,
    leader: null,
    needed: [],
    leaderless: null,
    values: {},
    assumed: [],
    holds: [],
    releases: [],
    nothingHere: null,
  };
  return { host: 'unknown host', ...nothing, withhold };
}

const severity = (id: Id) => severityOf[id];
