import type { Check } from './check.ts';
import type { CollectedFact } from './collect-facts.ts';
import type { Finding, Judgement } from './finding.ts';
import { describeError } from './format.ts';
import { withBlame } from './guard.ts';
import type { JudgeOptions, SeverityOf } from './judge-options.ts';
import type { Failure } from './outcome.ts';
import { sourcesOf } from './probe.ts';
import type { Row, Status } from './row.ts';
import { clean } from './text.ts';
import { severityOfFinding } from './verdict.ts';

/** A row as far as it can be told without the other rows; `roots` are the failures that kept it from being judged. */
export type CheckResult = Omit<Row, 'name' | 'group' | 'title' | 'ms' | 'notJudged'> & {
  readonly notJudged: readonly { readonly subject: string; readonly reason: string; readonly root: string | null }[];
  readonly roots: readonly Failure[];
};

const EMPTY = {
  reason: null,
  blockedBy: null,
  notes: [],
  evidence: [],
  notJudged: [],
  findings: [],
  roots: [],
} as const;

/** Judges one check over what was gathered. A crash of it is its own row's, whatever it did. */
export function evaluateCheck(
  check: Check,
  facts: ReadonlyMap<string, CollectedFact>,
  options: JudgeOptions,
): CheckResult {
  if (!options.chosen.has(check.name)) return { ...EMPTY, status: 'skipped', reason: 'left out by --only or --skip' };
  if (check.where === 'node' && options.mode === 'anywhere')
    return { ...EMPTY, status: 'not-applicable', reason: 'visible only on the node itself' };
  const read: Record<string, unknown> = {};
  const roots: Failure[] = [];
  for (const need of sourcesOf(check.reads)) {
    const { outcome } = facts.get(need.source.name) as CollectedFact;
    if (need.attempted) read[need.key] = outcome;
    else if (outcome.kind === 'value') read[need.key] = outcome.value;
    else if (outcome.kind === 'not-applicable') return { ...EMPTY, status: 'not-applicable', reason: outcome.reason };
    else roots.push(outcome.failure);
  }
  const [first] = roots;
  if (first) return { ...EMPTY, status: 'unknown', reason: reasonOf(first), roots };
  let blame: string | null = null;
  const tell = (what: string): void => {
    blame = what;
  };
  try {
    const verdict = withBlame(tell, () => {
      const applies = check.applies(read as never);
      if (applies !== true) return { ...EMPTY, status: 'not-applicable' as const, reason: clean(applies) };
      return verdictOf(check, check.judge(read as never, options.now), options.severityOf);
    });
    return blame === null ? verdict : crashed(blame);
  } catch (thrown) {
    return crashed(blame ?? describeError(thrown));
  }
}

function crashed(what: string): CheckResult {
  return { ...EMPTY, status: 'unknown', reason: `check_crashed: ${what}` };
}

function verdictOf(check: Check, judgement: Judgement, severityOf: SeverityOf): CheckResult {
  const notes = judgement.notes.map((note) => clean(note));
  const evidence = judgement.evidence.map((line) => clean(line));
  if (judgement.kind === 'unknown') {
    const roots = judgement.failure === null ? [] : [judgement.failure];
    return { ...EMPTY, notes, evidence, status: 'unknown', reason: clean(judgement.reason), roots };
  }
  const stranger = judgement.findings.find((finding) => !check.finds.includes(finding.id));
  if (stranger) return crashed(`found undeclared ${stranger.id}`);
  const findings = judgement.findings.map(cleanFinding);
  const notJudged = judgement.notJudged.map(({ subject, reason, root = null }) => {
    return { subject: clean(subject), reason: clean(reason), root };
  });
  const blind = notJudged.map((target) => `${target.subject} (${target.reason})`).join(', ');
  return {
    ...EMPTY,
    notes,
    evidence,
    findings,
    notJudged,
    status: statusOf(findings, notJudged.length, severityOf),
    reason: findings.length === 0 && notJudged.length > 0 ? clean(`not judged: ${blind}`) : null,
  };
}

function statusOf(findings: readonly Finding[], unjudged: number, severityOf: SeverityOf): Status {
  const severities = findings.map((finding) => severityOfFinding(finding, severityOf));
  if (severities.includes('fail')) return 'fail';
  if (severities.includes('warn')) return 'warn';
  return unjudged > 0 ? 'unknown' : 'pass';
}

function cleanFinding(finding: Finding): Finding {
  const values = Object.entries(finding.values ?? {}).map(([name, text]) => [name, clean(text, 253)]);
  return {
    ...finding,
    subject: finding.subject === null ? null : clean(finding.subject, 253),
    ...(finding.node === undefined ? {} : { node: clean(finding.node, 253) }),
    evidence: finding.evidence.map((line) => clean(line)),
    ...(finding.values ? { values: Object.fromEntries(values) } : {}),
  };
}

/** A failure as a row says it. */
function reasonOf(failure: Failure): string {
  return clean(`${failure.detail} (${failure.root}: ${failure.why} at ${failure.phase})`);
}
