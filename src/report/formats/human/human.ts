import { formatDuration, formatTime } from '../../../engine/format.ts';
import { isUnrecognisedNote } from '../../../engine/unrecognised-note.ts';
import { isWaitNote } from '../../../engine/wait-note.ts';
import type { Report, ReportCheck, ReportFinding } from '../../report.ts';
import { brief, hang, wrap } from '../../wrap.ts';
import type { Renderer, RenderOptions } from '../renderer.ts';
import { findingLines } from './finding.ts';
import { gapLines, leadingGaps } from './gaps.ts';
import { groupLines, isWaiting } from './rows.ts';

/** Most notes without --verbose: the report of a healthy node fits in twelve lines. */
const MAX_NOTES = 3;
/** Lines of a note, and of a finding that does not lead, without --verbose. */
const MAX_LINES = 2;

/**
 * The report for a person: header, the first failure in full, one line for each other finding, what was not judged, and
 * the coverage. If there are only warnings, the first one leads. If nothing failed and something was not judged, that leads, then
 * the first warning, each with its fix.
 */
export const human: Renderer = (report, options) => {
  const findings = report.checks.flatMap((check) => check.findings);
  const failure = findings.find(({ id }) => id === report.first) ?? null;
  const headline = failure ?? (report.verdict === 'warn' ? leadingWarning(findings) : null);
  const leadsUnknown = headline === null && report.verdict === 'unknown';
  const exit = failure === null ? exitLine(report, findings.length) : null;
  const sections = [
    header(report, options),
    headline
      ? findingLines(headline, options, exit)
      : [summary(report, options), ...(leadsUnknown ? leadingGaps(report, options) : [])],
    otherFindings(
      findings.filter((finding) => finding !== headline),
      headline,
      options,
    ),
    groupLines(report, options),
    leadsUnknown || options.verbose ? [] : gapLines(report, options),
    notes(report, options),
    coverage(report, options),
  ];
  // Blank lines only above and below the headline: the report of a healthy node fits in twelve lines.
  const lines = sections.flatMap((section, index) => (index === 1 ? ['', ...section, ''] : section));
  return `${lines.join('\n')}\n`;
};

function header({ tool, target }: Report, { width, colour, headerFields }: RenderOptions): string[] {
  const fields = [`${tool.name} ${tool.version}`, target.host, ...headerFields(target)];
  return joined(fields, width).map((line) => colour.dim(line));
}

/** Fields on as few lines as they need. A line ends only between two fields, unless a field is wider than it. */
function joined(fields: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const field of fields) {
    const last = lines.at(-1);
    const longer = `${last} · ${field}`;
    if (last !== undefined && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(...wrap(field, width));
  }
  return lines;
}

/** The first warning that is not the consequence of another one. */
function leadingWarning(findings: readonly ReportFinding[]): ReportFinding | null {
  return findings.find(({ likelyFollowsFrom }) => likelyFollowsFrom === null) ?? findings[0] ?? null;
}

/** A report that warns begins with the warning, so it says in words that nothing failed. */
function exitLine({ exit: { code } }: Report, warnings: number): string {
  return `exit code ${code}: ${warnings} warning${warnings === 1 ? '' : 's'}, no failure`;
}

function summary({ verdict, coverage, checks: rows }: Report, { colour }: RenderOptions): string {
  if (verdict === 'pass' && rows.some(isWaiting))
    return colour.yellow.bold('WAIT  no failure found, but a check is still waiting');
  if (verdict === 'pass') return colour.green.bold('OK  no fault found');
  const count = coverage.unknown + coverage.blocked;
  if (count === 0) return colour.magenta.bold('UNKNOWN  no failure found, because no check applies here');
  return colour.magenta.bold(`UNKNOWN  no failure found, but ${count} check${count === 1 ? '' : 's'} could not run`);
}

/** The findings beside the headline, each on one line. If there is no headline, the first one is printed in full. */
function otherFindings(
  findings: readonly ReportFinding[],
  headline: ReportFinding | null,
  options: RenderOptions,
): string[] {
  const lead = headline === null;
  if (options.verbose) {
    const all = findings.flatMap((finding) => ['', ...findingLines(finding, options), '']);
    return all.length > 0 && lead ? [...all, ''] : all;
  }
  const [first, ...others] = lead ? findings : [undefined, ...findings];
  const full = first === undefined ? [] : [...findingLines(first, options), ''];
  const lines = others
    .filter((finding) => finding !== undefined)
    .flatMap((finding) => findingLine(finding, headline ?? first, options));
  const more = lines.length === 0 ? [] : [options.colour.dim('        --verbose shows the fix of each')];
  return [...full, ...lines, ...more, ...(lines.length > 0 && lead ? [''] : [])];
}

/** A finding in one line, or a few. `full` is the finding that is printed in full. */
function findingLine(
  finding: ReportFinding,
  full: ReportFinding | undefined,
  { width, colour }: RenderOptions,
): string[] {
  const isFailure = finding.severity === 'fail';
  const subject = finding.subject === null ? '' : ` ${finding.subject}`;
  const text = `${finding.id}${subject}${detailOf(finding, full)}`;
  const [first = '', ...more] = brief(isFailure ? 'also    ' : 'warn    ', text, width, MAX_LINES);
  return [(isFailure ? colour.red : colour.yellow)(first), ...more];
}

/** What the finding follows from; else its first evidence, unless that was printed above, or its title. */
function detailOf(
  { likelyFollowsFrom, evidence: [first], subject, title }: ReportFinding,
  full: ReportFinding | undefined,
): string {
  if (likelyFollowsFrom !== null) return ` (likely follows from ${likelyFollowsFrom})`;
  const detail = first === undefined ? title : withoutSubject(first, subject);
  const isShown = full?.evidence.some((line) => line === first || withoutSubject(line, subject) === detail) ?? false;
  return isShown ? ' (see above)' : `: ${detail}`;
}

/** Evidence that starts with the subject is printed without it. */
function withoutSubject(line: string, subject: string | null): string {
  return subject !== null && line.startsWith(`${subject}: `) ? line.slice(subject.length + 2) : line;
}

function notes({ checks, verdict }: Report, { verbose, width, colour }: RenderOptions): string[] {
  if (verbose) return [];
  const every = [...new Set(checks.flatMap((check) => check.notes))];
  const waits = every.filter(isWaitNote);
  const unknownWords = every.filter(isUnrecognisedNote);
  const all = every.filter((note) => !isWaitNote(note) && !isUnrecognisedNote(note));
  const hidden = all.length - MAX_NOTES;
  const more = hidden > 0 ? [`        ${hidden} more ${hidden === 1 ? 'note' : 'notes'} with --verbose`] : [];
  const lines = all.slice(0, MAX_NOTES).flatMap((note) => brief('note    ', note, width, MAX_LINES));
  const shown = [
    // Waiting explains a state only if nothing has failed.
    ...waits.flatMap((note) => hang(verdict === 'fail' ? 'note    ' : 'wait    ', note.slice('wait: '.length), width)),
    ...unknownWords.flatMap((note) => hang('note    ', note, width)),
  ];
  return [...shown.map((line) => colour.yellow(line)), ...[...lines, ...more].map((line) => colour.dim(line))];
}

function coverage(
  { coverage: counts, checks, durationMs, startedAt }: Report,
  { colour, width }: RenderOptions,
): string[] {
  const blockers = [...new Set(checks.map((check) => check.blockedBy).filter((id) => id !== null))].join(', ');
  const parts = [
    `evaluated ${counts.evaluated} of ${counts.checks - counts.notApplicable - counts.skipped}${inPart(checks)}`,
    counts.blocked > 0 ? `${counts.blocked} blocked by ${blockers}` : null,
    counts.unknown > 0 ? `${counts.unknown} unknown` : null,
    counts.notApplicable > 0 ? `${counts.notApplicable} not applicable` : null,
    counts.skipped > 0 ? `${counts.skipped} skipped` : null,
    formatDuration(durationMs),
    formatTime(Date.parse(startedAt)),
  ];
  return joined(
    parts.filter((part) => part !== null),
    width,
  ).map((line) => colour.dim(line));
}

/** A check that found something is evaluated, even if it could not judge all of its targets. */
function inPart(checks: readonly ReportCheck[]): string {
  const count = checks.filter(({ status, notJudged }) => status !== 'unknown' && notJudged.length > 0).length;
  return count === 0 ? '' : ` (${count} in part)`;
}
