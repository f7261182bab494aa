import { formatDuration } from '../engine/format.ts';
import { findingLines } from './human-finding.ts';
import type { HumanOptions } from './look.ts';
import type { Report, ReportCheck, ReportFinding } from './report.ts';
import { hang, wrap } from './wrap.ts';

type Found = { readonly check: ReportCheck; readonly finding: ReportFinding };

/** The report for a person: header, the first failure in full, the rest a line each, what was not seen, coverage. */
export function human(report: Report, look: HumanOptions): string {
  const found = report.checks.flatMap((check) => check.findings.map((finding) => ({ check, finding })));
  const headline = found.find(({ finding }) => finding.id === report.first) ?? null;
  const sections = [
    header(report, look),
    headline ? findingLines(headline.finding, look) : [summary(report, look)],
    others(found, headline, look),
    groups(report, look),
    blind(report, look),
    notes(report, look),
    [coverage(report, look)],
  ];
  // A blank line above and below the headline only: a healthy node fits in twelve lines.
  const lines = sections.flatMap((section, index) => (index === 1 ? ['', ...section, ''] : section));
  return `${lines.join('\n')}\n`;
}

function header({ tool, target, product }: Report, { width, colour }: HumanOptions): string[] {
  const daemon = product === 'jaco' ? 'jacod' : product;
  const parts = [
    `${tool.name} ${tool.version}`,
    target.host,
    target.via ?? (target.version === null ? `${daemon} version unknown` : `${daemon} ${target.version}`),
    ...(product === 'jaco' ? [target.leader === null ? 'no leader known' : `leader ${target.leader}`] : []),
  ];
  return wrap(parts.join(' · '), width).map((line) => colour.dim(line));
}

function summary({ verdict, coverage }: Report, { colour }: HumanOptions): string {
  if (verdict === 'pass') return colour.green.bold('OK  nothing wrong found');
  if (verdict === 'warn') return colour.yellow.bold('OK  nothing failed, see the warnings');
  const unseen = coverage.unknown + coverage.blocked;
  const checks = unseen === 1 ? 'one check' : `${unseen} checks`;
  return colour.magenta.bold(
    `UNKNOWN  nothing failed, but ${unseen === 0 ? 'nothing' : checks} could ${unseen === 0 ? '' : 'not '}be looked at`,
  );
}

function others(found: readonly Found[], headline: Found | null, { width, colour, verbose }: HumanOptions): string[] {
  const rest = found.filter((one) => one !== headline);
  const lines = rest.flatMap(({ finding }) => {
    if (verbose) return ['', ...findingLines(finding, { width, colour, verbose }), ''];
    const fails = finding.severity === 'fail';
    const subject = finding.subject === null ? '' : ` ${finding.subject}`;
    const follows = finding.likelyFollowsFrom === null ? '' : ` (likely follows from ${finding.likelyFollowsFrom})`;
    const label = fails ? 'also    ' : 'warn    ';
    const said = finding.evidence[0] === undefined ? '' : `: ${withoutSubject(finding.evidence[0], finding.subject)}`;
    const [first = '', ...more] = hang(
      label,
      `${finding.id}${subject}${follows || said || `: ${finding.title}`}`,
      width,
    ).slice(0, 2);
    return [(fails ? colour.red : colour.yellow)(first), ...more];
  });
  return lines.length > 0 && headline === null ? [...lines, ''] : lines;
}

/** Evidence that starts with the subject does not say it twice. */
function withoutSubject(line: string, subject: string | null): string {
  return subject !== null && line.startsWith(`${subject}: `) ? line.slice(subject.length + 2) : line;
}

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

function groups({ checks }: Report, look: HumanOptions): string[] {
  const names = [...new Set(checks.map((check) => check.group))];
  const shown = checks.filter((check) => look.verbose || check.status !== 'not-applicable');
  const widest = Math.max(7, ...shown.map((check) => check.group.length));
  return names.flatMap((name) => {
    const members = checks.filter((check) => check.group === name);
    const worst = members.reduce((a, b) => (RANK[b.status] < RANK[a.status] ? b : a)).status;
    // What nobody judged, and nobody asked to have judged, is counted in the last line.
    if (!look.verbose && (worst === 'not-applicable' || worst === 'skipped')) return [];
    const line = hang(`${name.padEnd(widest + 1)}${WORD[worst].padEnd(8)}`, tally(members), look.width);
    return [
      ...line.map((text) => paint(worst, text, look)),
      ...(look.verbose ? members.flatMap((check) => rowLines(check, look)) : []),
    ];
  });
}

function tally(members: readonly ReportCheck[]): string {
  const count = (status: ReportCheck['status']): number => members.filter((check) => check.status === status).length;
  const applicable = members.length - count('not-applicable') - count('skipped');
  const ids = [...new Set(members.flatMap((check) => check.findings.map((finding) => finding.id)))];
  const unseen = (['blocked', 'unknown'] as const).flatMap((status) =>
    count(status) > 0 ? [`${count(status)} ${status}`] : [],
  );
  return [applicable === 0 ? 'not judged' : `${count('pass')} of ${applicable} good`, ...ids, ...unseen].join(' · ');
}

function rowLines(check: ReportCheck, look: HumanOptions): string[] {
  const said = check.reason ?? check.evidence[0] ?? '';
  const first = hang(`  ${WORD[check.status].padEnd(8)}`, `${check.name}: ${check.title}`, look.width);
  const lines = [
    ...(said === '' ? [] : [said]),
    ...check.evidence.slice(check.reason === null ? 1 : 0),
    ...check.notes,
  ];
  return [...first, ...lines.flatMap((line) => hang('          · ', line, look.width))].map((line) =>
    paint(check.status, line, look),
  );
}

/** What was not seen, and why: one line a reason, since one missing right often keeps many checks from looking. */
function blind({ checks, coverage: { evaluated, unknown, blocked } }: Report, look: HumanOptions): string[] {
  if (look.verbose) return [];
  const byReason = new Map<string, string[]>();
  const add = (reason: string, what: string): void => {
    byReason.set(reason, [...(byReason.get(reason) ?? []), what]);
  };
  for (const check of checks) {
    const inVain = evaluated + unknown + blocked === 0 && check.status === 'not-applicable';
    if (check.status === 'unknown' || inVain) add(check.reason ?? '', check.name);
    else for (const one of check.notJudged) add(one.reason, `${check.name} of ${one.subject}`);
  }
  return [...byReason]
    .flatMap(([reason, what]) => hang('unknown ', `${what.join(', ')}: ${reason}`, look.width))
    .map((line) => look.colour.magenta(line));
}

/** Notes a person sees without --verbose, at most; a healthy node fits in twelve lines. */
const NOTES = 3;

function notes({ checks }: Report, look: HumanOptions): string[] {
  if (look.verbose) return [];
  const all = checks.flatMap((check) => check.notes);
  const more = all.length > NOTES ? [`        ${all.length - NOTES} more notes with --verbose`] : [];
  return [...all.slice(0, NOTES).flatMap((note) => hang('note    ', note, look.width).slice(0, 2)), ...more].map(
    (line) => look.colour.dim(line),
  );
}

function coverage({ coverage: seen, checks, durationMs }: Report, { colour }: HumanOptions): string {
  const blockers = [...new Set(checks.map((check) => check.blockedBy).filter((id) => id !== null))].join(', ');
  const parts = [
    `evaluated ${seen.evaluated} of ${seen.checks - seen.notApplicable - seen.skipped}`,
    seen.blocked > 0 ? `${seen.blocked} blocked by ${blockers}` : null,
    seen.unknown > 0 ? `${seen.unknown} unknown` : null,
    seen.notApplicable > 0 ? `${seen.notApplicable} not applicable` : null,
    seen.skipped > 0 ? `${seen.skipped} skipped` : null,
    formatDuration(durationMs),
  ];
  return colour.dim(parts.filter((part) => part !== null).join(' · '));
}

function paint(status: ReportCheck['status'], line: string, { colour }: HumanOptions): string {
  if (status === 'fail') return colour.red(line);
  if (status === 'warn') return colour.yellow(line);
  if (status === 'unknown' || status === 'blocked') return colour.magenta(line);
  return status === 'pass' ? colour.green(line) : colour.dim(line);
}
