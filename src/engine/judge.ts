import type { Id } from '../catalog/generated/ids.ts';
import type { Check } from './check.ts';
import type { Finding, Judgement } from './finding.ts';
import type { Gathered } from './gather.ts';
import { blamed, describe } from './guard.ts';
import type { Failure, Outcome } from './outcome.ts';
import { type AnySource, sourcesOf, type Where } from './probe.ts';
import type { Product } from './product.ts';
import type { Row, Status } from './row.ts';
import { closure } from './select.ts';
import { clean } from './text.ts';

/** Severity of an id, from the catalogue. */
export type SeverityOf = (id: Id) => 'fail' | 'warn' | 'none';

export type JudgeOptions = {
  readonly mode: Where;
  readonly now: number;
  readonly chosen: ReadonlySet<string>;
  readonly severityOf: SeverityOf;
};

/** Roots of failed probes that a failing finding explains, with the first such id in the order of checks. */
type Explained = Map<string, Id>;

/** A row as far as it can be told without the other rows; `roots` are the failures that kept it from being judged. */
type Verdict = Omit<Row, 'name' | 'group' | 'title' | 'ms'> & { readonly roots?: readonly Failure[] };

const EMPTY = { reason: null, blockedBy: null, notes: [], evidence: [], notJudged: [], findings: [] } as const;

/** Judges every check of a product over what was gathered, in order, and gives a row for each. */
export function judgeAll(
  product: Product,
  facts: ReadonlyMap<string, Gathered>,
  options: JudgeOptions,
): readonly Row[] {
  const concluded = product.order.map(({ check }) => ({ check, verdict: conclude(check, facts, options) }));
  const explained: Explained = new Map();
  for (const { check, verdict } of concluded) {
    for (const finding of verdict.findings) {
      if (options.severityOf(finding.id) !== 'fail') continue;
      for (const key of finding.explains ?? []) {
        const source = sourcesOf(check.reads).find((need) => need.key === key)?.source;
        if (source && !explained.has(source.name)) explained.set(source.name, finding.id);
      }
    }
  }
  return concluded.map(({ check, verdict }) => ({
    name: check.name,
    group: check.group,
    title: check.title,
    ms: Math.round(Math.max(0, ...closure(check.reads).map((source) => facts.get(source.name)?.endedMs ?? 0))),
    ...block(check, verdict, facts, explained, product),
  }));
}

function conclude(check: Check, facts: ReadonlyMap<string, Gathered>, options: JudgeOptions): Verdict {
  if (!options.chosen.has(check.name)) return { ...EMPTY, status: 'skipped', reason: 'left out by --only or --skip' };
  if (check.where === 'node' && options.mode === 'anywhere')
    return { ...EMPTY, status: 'not-applicable', reason: 'visible only on the node itself' };
  const read: Record<string, unknown> = {};
  const roots: Failure[] = [];
  for (const need of sourcesOf(check.reads)) {
    const outcome = (facts.get(need.source.name) as Gathered).outcome;
    if (need.attempted) read[need.key] = outcome;
    else if (outcome.kind === 'value') read[need.key] = outcome.value;
    else if (outcome.kind === 'not-applicable') return { ...EMPTY, status: 'not-applicable', reason: outcome.reason };
    else roots.push(outcome.failure);
  }
  if (roots.length > 0) return { ...EMPTY, status: 'unknown', reason: reasonOf(roots[0] as Failure), roots };
  return fromJudgement(check, read, options);
}

function fromJudgement(check: Check, read: Record<string, unknown>, options: JudgeOptions): Verdict {
  let blame: string | null = null;
  let judgement: Judgement | string;
  try {
    judgement = blamed(
      (what) => {
        blame = what;
      },
      () => {
        const applies = check.applies(read as never);
        return applies === true ? check.judge(read as never, options.now) : applies;
      },
    );
  } catch (thrown) {
    blame ??= describe(thrown);
    judgement = '';
  }
  if (blame !== null) return { ...EMPTY, status: 'unknown', reason: `check_crashed: ${blame}` };
  if (typeof judgement === 'string') return { ...EMPTY, status: 'not-applicable', reason: clean(judgement) };
  const said = {
    notes: judgement.notes.map((note) => clean(note)),
    evidence: judgement.evidence.map((line) => clean(line)),
  };
  if (judgement.kind === 'unknown') {
    const row = { ...EMPTY, ...said, status: 'unknown', reason: clean(judgement.reason) } as const;
    return judgement.failure === null ? row : { ...row, roots: [judgement.failure] };
  }
  const stranger = judgement.findings.find((finding) => !check.finds.includes(finding.id));
  if (stranger) return { ...EMPTY, status: 'unknown', reason: `check_crashed: found undeclared ${stranger.id}` };
  const notJudged = judgement.notJudged.map(({ subject, reason, root }) => ({
    subject: clean(subject),
    reason: clean(reason),
    blockedBy: null,
    ...(root === undefined ? {} : { root }),
  }));
  return {
    ...EMPTY,
    ...said,
    findings: judgement.findings.map(cleanFinding),
    notJudged,
    status: statusOf(judgement.findings, notJudged.length, options.severityOf),
    reason:
      judgement.findings.length === 0 && notJudged.length > 0
        ? clean(`not judged: ${notJudged.map((target) => `${target.subject} (${target.reason})`).join(', ')}`)
        : null,
  };
}

function statusOf(findings: readonly Finding[], unjudged: number, severityOf: SeverityOf): Status {
  const severities = findings.map((finding) => severityOf(finding.id));
  if (severities.includes('fail')) return 'fail';
  if (severities.includes('warn')) return 'warn';
  return unjudged > 0 ? 'unknown' : 'pass';
}

function cleanFinding(finding: Finding): Finding {
  return {
    ...finding,
    subject: finding.subject === null ? null : clean(finding.subject, 253),
    evidence: finding.evidence.map((line) => clean(line)),
    ...(finding.values
      ? { values: Object.fromEntries(Object.entries(finding.values).map(([name, text]) => [name, clean(text, 253)])) }
      : {}),
  };
}

/** Turns a row that could not be judged into a blocked one where another row's finding explains why. */
function block(
  check: Check,
  verdict: Verdict,
  facts: ReadonlyMap<string, Gathered>,
  explained: Explained,
  product: Product,
): Omit<Verdict, 'roots'> {
  const { roots = [], ...row } = verdict;
  const notJudged = row.notJudged.map((target) => {
    const { root, ...rest } = target as typeof target & { root?: string };
    return root === undefined ? rest : { ...rest, blockedBy: explainer([root], explained, product) };
  });
  if (roots.length === 0) return { ...row, notJudged };
  const names = roots.map((failure) => failure.root);
  const blockedBy = explainer([...names, ...failedBelow(check, facts)], explained, product);
  return blockedBy === null ? row : { ...row, status: 'blocked', blockedBy };
}

/** Roots of every failed source a check rests on without attempting it. */
function failedBelow(check: Check, facts: ReadonlyMap<string, Gathered>): readonly string[] {
  const roots: string[] = [];
  const visit = (source: AnySource): void => {
    const outcome: Outcome | undefined = facts.get(source.name)?.outcome;
    if (outcome?.kind !== 'failed') return;
    roots.push(outcome.failure.root);
    for (const need of sourcesOf(source.needs)) if (!need.attempted) visit(need.source);
  };
  for (const need of sourcesOf(check.reads)) if (!need.attempted) visit(need.source);
  return roots;
}

function explainer(roots: readonly string[], explained: Explained, product: Product): Id | null {
  const ids = roots.map((root) => explained.get(root)).filter((id): id is Id => id !== undefined);
  const rank = (id: Id): number => product.order.findIndex(({ check }) => check.finds.includes(id));
  return ids.sort((a, b) => rank(a) - rank(b))[0] ?? null;
}

/** A failure as a row says it. */
function reasonOf(failure: Failure): string {
  return clean(`${failure.detail} (${failure.root}: ${failure.why} at ${failure.phase})`);
}
