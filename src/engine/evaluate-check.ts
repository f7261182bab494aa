import { attributeFaults } from './attribute-faults.ts';
import type { Check } from './check.ts';
import type { CollectedFact } from './collect-facts.ts';
import type { AnyFinding, Judgement } from './finding.ts';
import { describeError } from './format.ts';
import type { NextStep } from './next-step.ts';
import { nextStepOf } from './next-step-of.ts';
import type { Failure } from './outcome.ts';
import { type RunLocation, sourcesOf } from './probe.ts';
import type { Row, Status } from './row.ts';
import { clean } from './text.ts';
import { type SeverityOf, severityOfFinding } from './verdict.ts';

/** The input of a judgement beside the facts. `chosen` are names of checks; `now` is in ms since the epoch. */
export type JudgeOptions = {
  readonly mode: RunLocation;
  readonly now: number;
  readonly chosen: ReadonlySet<string>;
  readonly severityOf: SeverityOf;
};

/** The part of a row that does not depend on other rows; `roots` are the failures that prevented the judgement. */
export type CheckResult = Omit<Row, 'name' | 'group' | 'title' | 'ms' | 'notJudged'> & {
  readonly notJudged: readonly {
    readonly subject: string;
    readonly reason: string;
    readonly next: NextStep;
    readonly root: string | null;
  }[];
  readonly roots: readonly Failure[];
};

const EMPTY = {
  reason: null,
  next: null,
  blockedBy: null,
  notes: [],
  evidence: [],
  notJudged: [],
  findings: [],
  roots: [],
} as const;

/** Judges one check. A crash of the check affects only its own row. */
export function evaluateCheck(
  check: Check,
  facts: ReadonlyMap<string, CollectedFact>,
  options: JudgeOptions,
): CheckResult {
  if (!options.chosen.has(check.name)) return { ...EMPTY, status: 'skipped', reason: 'excluded by --only or --skip' };
  if (check.where === 'node' && options.mode === 'anywhere')
    return { ...EMPTY, status: 'not-applicable', reason: 'visible only on the node itself' };
  const values: Record<string, unknown> = {};
  const roots: Failure[] = [];
  for (const need of sourcesOf(check.gates)) {
    const { outcome } = facts.get(need.source.name) as CollectedFact;
    if (need.attempted) values[need.key] = outcome;
    else if (outcome.kind === 'value') values[need.key] = outcome.value;
    else if (outcome.kind === 'not-applicable')
      return { ...EMPTY, status: 'not-applicable', reason: clean(outcome.reason) };
    else roots.push(outcome.failure);
  }
  const [first] = roots;
  if (first) return { ...EMPTY, status: 'unknown', reason: clean(first.detail), next: nextStepOf(first), roots };
  let fault: string | null = null;
  const onFault = (what: string): void => {
    fault = what;
  };
  try {
    const result = attributeFaults(onFault, () => {
      const applies = check.applies(values as never);
      if (applies !== true) return { ...EMPTY, status: 'not-applicable' as const, reason: clean(applies) };
      return resultOf(check, check.judge(values as never, options.now), options.severityOf);
    });
    return fault === null ? result : crashed(fault);
  } catch (thrown) {
    return crashed(fault ?? describeError(thrown));
  }
}

function crashed(fault: string): CheckResult {
  return { ...EMPTY, status: 'unknown', reason: `check_crashed: ${fault}`, next: { kind: 'report' } };
}

function resultOf(check: Check, judgement: Judgement, severityOf: SeverityOf): CheckResult {
  const notes = judgement.notes.map((note) => clean(note));
  const evidence = judgement.evidence.map((line) => clean(line));
  if (judgement.kind === 'unknown') {
    const roots = judgement.failure === null ? [] : [judgement.failure];
    const { next } = judgement;
    return { ...EMPTY, notes, evidence, status: 'unknown', reason: clean(judgement.reason), next, roots };
  }
  const undeclared = judgement.findings.find((finding) => !check.finds.includes(finding.id));
  if (undeclared) return crashed(`found undeclared ${undeclared.id}`);
  const findings = judgement.findings.map(cleanFinding);
  const notJudged = judgement.notJudged.map(({ subject, reason, next, root = null }) => {
    return { subject: clean(subject), reason: clean(reason), next, root };
  });
  const targets = notJudged.map((target) => `${target.subject} (${target.reason})`).join(', ');
  return {
    ...EMPTY,
    notes,
    evidence,
    findings,
    notJudged,
    status: statusOf(findings, notJudged.length, severityOf),
    reason: findings.length === 0 && notJudged.length > 0 ? clean(`not judged: ${targets}`) : null,
  };
}

function statusOf(findings: readonly AnyFinding[], notJudgedCount: number, severityOf: SeverityOf): Status {
  const severities = findings.map((finding) => severityOfFinding(finding, severityOf));
  if (severities.includes('fail')) return 'fail';
  if (severities.includes('warn')) return 'warn';
  return notJudgedCount > 0 ? 'unknown' : 'pass';
}

function cleanFinding(finding: AnyFinding): AnyFinding {
  const values = Object.entries(finding.values ?? {}).map(([name, text]) => [name, clean(text, 500)]);
  return {
    ...finding,
    subject: finding.subject === null ? null : clean(finding.subject, 253),
    ...(finding.node === undefined ? {} : { node: clean(finding.node, 253) }),
    ...(finding.title === undefined ? {} : { title: clean(finding.title) }),
    ...(finding.meaning === undefined ? {} : { meaning: clean(finding.meaning) }),
    ...(finding.impact === undefined ? {} : { impact: clean(finding.impact) }),
    evidence: finding.evidence.map((line) => clean(line)),
    ...(finding.values ? { values: Object.fromEntries(values) } : {}),
  };
}
