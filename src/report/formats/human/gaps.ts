import type { Report, ReportCheck, ReportNextStep } from '../../report.ts';
import { hang, shellLine } from '../../wrap.ts';
import type { RenderOptions } from '../renderer.ts';

/** Reasons, and lines of evidence, of one next step that a person sees without --verbose, at most. */
const MAX_LISTED = 6;

/** What could not be judged for one reason: the names of checks or of their targets, and what these checks did see. */
type Gap = { readonly subjects: Map<string, string[]>; readonly reason: string; readonly evidence: Set<string> };

/** Gaps that the same step closes; `next` is null if a finding explains them. */
type GapGroup = { readonly next: ReportNextStep | null; readonly gaps: readonly Gap[] };

/** What was not judged, grouped by what would close it, then by the reason: one missing right often stops many checks. */
function gapGroups({ checks, coverage: { evaluated, unknown, blocked } }: Report): readonly GapGroup[] {
  const groups = new Map<string, { next: ReportNextStep | null; gaps: Map<string, Gap> }>();
  const add = (next: ReportNextStep | null, reason: string, { name, evidence }: ReportCheck, target?: string): void => {
    const key = JSON.stringify(next);
    const group = groups.get(key) ?? { next, gaps: new Map<string, Gap>() };
    const gap = group.gaps.get(reason) ?? {
      subjects: new Map<string, string[]>(),
      reason,
      evidence: new Set<string>(),
    };
    gap.subjects.set(name, [...(gap.subjects.get(name) ?? []), ...(target === undefined ? [] : [target])]);
    if (target === undefined) for (const line of evidence) gap.evidence.add(line);
    group.gaps.set(reason, gap);
    groups.set(key, group);
  };
  const isNothingApplicable = evaluated + unknown + blocked === 0;
  for (const check of checks) {
    const hasOwnReason = check.status === 'unknown' && check.notJudged.length === 0;
    if (hasOwnReason || (isNothingApplicable && check.status === 'not-applicable'))
      add(check.next, check.reason ?? '', check);
    else
      for (const { subject, reason, next, blockedBy } of check.notJudged)
        add(next, blockedBy === null ? reason : `blocked by ${blockedBy}`, check, subject);
  }
  return [...groups.values()].map(({ next, gaps }) => ({ next, gaps: [...gaps.values()] }));
}

/** If nothing failed and something could not be judged: every reason, what was seen, and what to do about it. */
export function leadingGaps(report: Report, options: RenderOptions): string[] {
  let step = 0;
  return gapGroups(report).flatMap(({ next, gaps }) => {
    const evidence = [...new Set(gaps.flatMap((gap) => [...gap.evidence]))];
    const seen = [...listed('Cause', gaps.map(textOf), options), ...listed('Evidence', evidence, options)];
    if (next === null) return seen;
    step += 1;
    const command = next.run === null ? [] : [options.colour.bold(`${' '.repeat(10)}$ ${shellLine(next.run)}`)];
    return [...seen, ...hang(`Fix   ${step}.  `, next.do, options.width), ...command];
  });
}

/** A list behind its heading. */
function listed(heading: string, texts: readonly string[], { width, verbose }: RenderOptions): string[] {
  const shown = verbose ? texts : texts.slice(0, MAX_LISTED);
  const hidden = texts.length - shown.length;
  return [
    ...shown.flatMap((text, index) => hang(`${(index === 0 ? heading : '').padEnd(10)}- `, text, width)),
    ...(hidden > 0 ? [`${' '.repeat(10)}${hidden} more with --verbose`] : []),
  ];
}

/** Beside a failure or a warning: a line for each reason, and one for each step that closes some of them. */
export function gapLines(report: Report, { width, colour }: RenderOptions): string[] {
  return gapGroups(report).flatMap(({ next, gaps }) => [
    ...gaps.flatMap((gap) => hang('unknown ', textOf(gap), width)).map((line) => colour.magenta(line)),
    ...(next === null ? [] : hang('fix     ', nextStepLine(next), width)),
  ]);
}

/** A next step in one line. */
export function nextStepLine({ do: text, run }: ReportNextStep): string {
  return run === null ? text : `${text} ${shellLine(run)}`;
}

function textOf({ subjects, reason }: Gap): string {
  const names = [...subjects].map(([name, targets]) =>
    targets.length === 0 ? name : `${name} (${targets.join(', ')})`,
  );
  return `${names.join(', ')}: ${reason}`;
}
