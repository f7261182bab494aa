import { advise, type Invocation } from '../advice/advise.ts';
import { resolveNextStep } from '../advice/resolve-next-step.ts';
import type { Entry } from '../catalog/entry-schema.ts';
import type { ProductName } from '../catalog/generated/catalogs.ts';
import type { Id } from '../catalog/generated/ids.ts';
import type { AnyFinding } from '../engine/finding.ts';
import { mapStrings } from '../engine/json.ts';
import type { NextStep } from '../engine/next-step.ts';
import type { Row } from '../engine/row.ts';
import type { Situation } from '../engine/situation.ts';
import { printable } from '../engine/text.ts';
import {
  coverageOf,
  EXIT_MEANINGS,
  exitCodeOf,
  type FailOn,
  firstFailing,
  type SeverityOf,
  severityOfFinding,
  verdictOf,
} from '../engine/verdict.ts';
import { isWaitNote } from '../engine/wait-note.ts';
import type { Report, ReportCheck, ReportFinding, ReportNextStep } from './report.ts';

/** The input of the report document. */
export type Composition = {
  readonly product: ProductName;
  readonly tool: { readonly name: string; readonly version: string };
  readonly mode: 'node' | 'remote';
  readonly situation: Situation;
  readonly invocation: Invocation;
  readonly rows: readonly Row[];
  readonly entryOf: (id: Id) => Entry;
  readonly severityOf: SeverityOf;
  readonly failOn: FailOn;
  /** ms since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
};

/** Makes the document. The verdict and the exit code are fixed here, before any renderer is chosen. */
export function compose(from: Composition): Report {
  const { rows, situation } = from;
  const code = exitCodeOf(rows, from.failOn);
  const first = firstFailing(rows, from.severityOf);
  const ids = rows.flatMap((row) => row.findings.map((finding) => finding.id));
  // The last cleaning step: host names, paths and the head of a recording are outside texts too. No renderer has to
  // clean them.
  return mapStrings<Report>(
    {
      schema: 'doctor-report/1',
      product: from.product,
      tool: from.tool,
      target: {
        host: situation.host,
        mode: from.mode,
        via: situation.via,
        version: situation.version,
        leader: situation.leader,
        leaderless: situation.leaderless,
      },
      startedAt: new Date(from.startedAt).toISOString(),
      durationMs: from.durationMs,
      verdict: verdictOf(rows),
      first,
      exit: { code, meaning: EXIT_MEANINGS[code] },
      coverage: coverageOf(rows),
      ruledOut: rows.filter((row) => row.status === 'pass' && !row.notes.some(isWaitNote)).map((row) => row.title),
      checks: rows.map((row) => checkOf(row, { ids, first }, from)),
    },
    printable,
  );
}

function checkOf(
  row: Row,
  { ids, first }: { readonly ids: readonly Id[]; readonly first: Id | null },
  from: Composition,
): ReportCheck {
  const { name, group, title, status, ms, reason, blockedBy, notes, evidence } = row;
  const resolve = (step: NextStep | null): ReportNextStep | null =>
    step === null ? null : resolveNextStep(step, from.situation, from.invocation, first);
  const notJudged = row.notJudged.map((one) => ({ ...one, next: resolve(one.next) }));
  const findings = row.findings.map((finding) => findingOf(finding, ids, from));
  return {
    name,
    group,
    title,
    status,
    ms,
    reason,
    next: resolve(row.next),
    blockedBy,
    notes,
    evidence,
    notJudged,
    findings,
  };
}

/**
 * A finding that names this one as its consequence; else an id found earlier, because a root comes before its
 * consequences.
 */
function rootOf(
  { id, subject }: AnyFinding,
  { symptomOf }: Entry,
  ids: readonly Id[],
  rows: readonly Row[],
): Id | null {
  const named = rows
    .flatMap((row) => row.findings)
    .find(({ leadsTo = [] }) => leadsTo.some((one) => one.id === id && (one.subject ?? subject) === subject));
  return named?.id ?? ids.slice(0, ids.indexOf(id)).find((one) => symptomOf.includes(one)) ?? null;
}

function findingOf(finding: AnyFinding, ids: readonly Id[], from: Composition): ReportFinding {
  const entry = from.entryOf(finding.id);
  const { fix, verify } = advise(entry, finding, from.situation, from.invocation);
  return {
    id: finding.id,
    severity: severityOfFinding(finding, from.severityOf),
    subject: finding.subject,
    title: finding.title ?? entry.title,
    meaning: finding.meaning ?? entry.meaning,
    impact: finding.impact ?? entry.impact,
    docsNote: entry.differs,
    evidence: finding.evidence,
    likelyFollowsFrom: finding.isRoot === true ? null : rootOf(finding, entry, ids, from.rows),
    fix,
    verify,
    retry: isFixedFirst(entry, finding) ? { kind: 'after-fix' } : entry.retry,
    docs: entry.docs,
    origin: entry.origin,
    waiver: null,
  };
}

function isFixedFirst({ retryAfterFix }: Entry, { cause }: AnyFinding): boolean {
  return cause !== undefined && retryAfterFix.includes(cause);
}
