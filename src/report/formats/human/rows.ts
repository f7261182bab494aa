import type { Report, ReportCheck } from '../../report.ts';
import { hang } from '../../wrap.ts';
import type { RenderOptions } from '../renderer.ts';

/** Statuses from worst to best. */
const RANK = { fail: 0, warn: 1, unknown: 2, blocked: 3, pass: 4, 'not-applicable': 5, skipped: 6 } as const;
const WORD = {
  fail: 'FAIL',
  warn: 'warn',
  unknown: 'unknown',
  blocked: 'blocked',
  pass: 'ok',
  'not-applicable': 'n/a',
  skipped: 'skipped',
} as const;

/** Every group of checks on one line, with its worst status; with `verbose` every check below it. */
export function groupLines({ checks }: Report, options: RenderOptions): string[] {
  const names = [...new Set(checks.map((check) => check.group))];
  const shown = checks.filter((check) => options.verbose || check.status !== 'not-applicable');
  const widest = Math.max(7, ...shown.map((check) => check.group.length));
  return names.flatMap((name) => {
    const members = checks.filter((check) => check.group === name);
    const worst = members.reduce((a, b) => (RANK[b.status] < RANK[a.status] ? b : a)).status;
    // What was not judged, and was not asked for, is counted in the last line only.
    if (!options.verbose && (worst === 'not-applicable' || worst === 'skipped')) return [];
    const lines = hang(`${name.padEnd(widest + 1)}${WORD[worst].padEnd(8)}`, tally(members), options.width);
    return [
      ...lines.map((line) => paint(worst, line, options)),
      ...(options.verbose ? members.flatMap((check) => rowLines(check, options)) : []),
    ];
  });
}

function tally(members: readonly ReportCheck[]): string {
  const count = (status: ReportCheck['status']): number => members.filter((check) => check.status === status).length;
  const applicable = members.length - count('not-applicable') - count('skipped');
  const ids = [...new Set(members.flatMap((check) => check.findings.map((finding) => finding.id)))];
  const unjudged = (['blocked', 'unknown'] as const).flatMap((status) =>
    count(status) > 0 ? [`${count(status)} ${status}`] : [],
  );
  return [applicable === 0 ? 'not judged' : `${count('pass')} of ${applicable} good`, ...ids, ...unjudged].join(' · ');
}

function rowLines(check: ReportCheck, options: RenderOptions): string[] {
  const head = hang(`  ${WORD[check.status].padEnd(8)}`, `${check.name}: ${check.title}`, options.width);
  const [first = '', ...more] = check.reason === null ? check.evidence : [check.reason, ...check.evidence];
  const details = [...(first === '' ? [] : [first]), ...more, ...check.notes];
  return [...head, ...details.flatMap((line) => hang('          · ', line, options.width))].map((line) =>
    paint(check.status, line, options),
  );
}

function paint(status: ReportCheck['status'], line: string, { colour }: RenderOptions): string {
  if (status === 'fail') return colour.red(line);
  if (status === 'warn') return colour.yellow(line);
  if (status === 'unknown' || status === 'blocked') return colour.magenta(line);
  return status === 'pass' ? colour.green(line) : colour.dim(line);
}
