import { isWaitNote } from '../../../engine/wait-note.ts';
import type { Report, ReportCheck } from '../../report.ts';
import { hang } from '../../wrap.ts';
import type { RenderOptions } from '../renderer.ts';
import { nextStepLine } from './gaps.ts';

/** Statuses from worst to best; `wait` is a pass whose claim does not hold yet. */
const RANK = { fail: 0, warn: 1, unknown: 2, blocked: 3, wait: 4, pass: 5, 'not-applicable': 6, skipped: 7 } as const;
const WORD = {
  fail: 'FAIL',
  warn: 'warn',
  unknown: 'unknown',
  blocked: 'blocked',
  wait: 'wait',
  pass: 'ok',
  'not-applicable': 'n/a',
  skipped: 'skipped',
} as const;

/** Whether a check passes only because its claim is still in progress. */
export function isWaiting({ status, notes }: ReportCheck): boolean {
  return status === 'pass' && notes.some(isWaitNote);
}

type Shown = keyof typeof WORD;

function shownStatus(check: ReportCheck): Shown {
  return isWaiting(check) ? 'wait' : check.status;
}

/** Every group of checks on one line, with its worst status; with `verbose`, every check below its group. */
export function groupLines({ checks }: Report, options: RenderOptions): string[] {
  const names = [...new Set(checks.map((check) => check.group))];
  const shown = checks.filter((check) => options.verbose || check.status !== 'not-applicable');
  const widest = Math.max(7, ...shown.map((check) => check.group.length));
  return names.flatMap((name) => {
    const members = checks.filter((check) => check.group === name);
    const worst = members.map(shownStatus).reduce((a, b) => (RANK[b] < RANK[a] ? b : a));
    // A group that was not judged and not asked for is only counted in the last line.
    if (!options.verbose && (worst === 'not-applicable' || worst === 'skipped')) return [];
    const lines = hang(`${name.padEnd(widest + 1)}${WORD[worst].padEnd(8)}`, tally(members), options.width);
    return [
      ...lines.map((line) => paint(worst, line, options)),
      ...(options.verbose ? members.flatMap((check) => rowLines(check, options)) : []),
    ];
  });
}

function tally(members: readonly ReportCheck[]): string {
  const count = (status: Shown): number => members.filter((check) => shownStatus(check) === status).length;
  const applicable = members.length - count('not-applicable') - count('skipped');
  const ids = [...new Set(members.flatMap((check) => check.findings.map((finding) => finding.id)))];
  // "0 of 5 good" would read as five faults where none of the five could be judged.
  const blockers = [...new Set(members.flatMap(({ blockedBy }) => blockedBy ?? []))].join(', ');
  if (applicable > 0 && count('blocked') === applicable) return `${applicable} not judged, because of ${blockers}`;
  if (applicable > 0 && count('unknown') === applicable) return `${applicable} not judged`;
  const unjudged = (['blocked', 'unknown', 'wait'] as const).flatMap((status) =>
    count(status) > 0 ? [`${count(status)} ${status === 'wait' ? 'waiting' : status}`] : [],
  );
  return [applicable === 0 ? 'not judged' : `${count('pass')} of ${applicable} good`, ...ids, ...unjudged].join(' · ');
}

function rowLines(check: ReportCheck, options: RenderOptions): string[] {
  const head = hang(`  ${WORD[shownStatus(check)].padEnd(8)}`, `${check.name}: ${check.title}`, options.width);
  const [first = '', ...more] = check.reason === null ? check.evidence : [check.reason, ...check.evidence];
  const next = check.next === null ? [] : [nextStepLine(check.next)];
  const details = [...(first === '' ? [] : [first]), ...next, ...more, ...check.notes];
  return [...head, ...details.flatMap((line) => hang('          · ', line, options.width))].map((line) =>
    paint(shownStatus(check), line, options),
  );
}

function paint(status: Shown, line: string, { colour }: RenderOptions): string {
  if (status === 'fail') return colour.red(line);
  if (status === 'warn' || status === 'wait') return colour.yellow(line);
  if (status === 'unknown' || status === 'blocked') return colour.magenta(line);
  return status === 'pass' ? colour.green(line) : colour.dim(line);
}
