import { formatDuration } from '../../../engine/format.ts';
import { isUnrecognisedNote } from '../../../engine/unrecognised-note.ts';
import { isWaitNote } from '../../../engine/wait-note.ts';
import type { Report, ReportFinding } from '../../report.ts';
import { hang, wrap } from '../../wrap.ts';
import type { Renderer, RenderOptions } from '../renderer.ts';
import { findingLines } from './finding.ts';
import { gapLines, leadingGaps } from './gaps.ts';
import { groupLines, isWaiting } from './rows.ts';

/** Most notes without --verbose: the report of a healthy node fits in twelve lines. */
const MAX_NOTES = 3;

/**
 * The report for a person: header, the first failure in full, one line for each other finding, what was not judged, and
 * the coverage. If nothing failed, what was not judged leads, then the first warning, each with its fix.
 */
export const human: Renderer = (report, options) => {
  const findings = report.checks.flatMap((check) => check.findings);
  const headline = findings.find(({ id }) => id === report.first) ?? null;
  const leadsUnknown = headline === null && report.verdict === 'unknown';
  const sections = [
    header(report, options),
    headline
      ? findingLines(headline, options)
      : [summary(report, options), ...(leadsUnknown ? leadingGaps(report, options) : [])],
    otherFindings(
      findings.filter((finding) => finding !== headline),
      headline === null,
      options,
    ),
    groupLines(report, options),
    leadsUnknown || options.verbose ? [] : gapLines(report, options),
    notes(report, options),
    [coverage(report, options)],
  ];
  // Blank lines only above and below the headline: the report of a healthy node fits in twelve lines.
  const lines = sections.flatMap((section, index) => (index === 1 ? ['', ...section, ''] : section));
  return `${lines.join('\n')}\n`;
};

function header({ tool, target }: Report, { width, colour, headerFields }: RenderOptions): string[] {
  const fields = [`${tool.name} ${tool.version}`, target.host, ...headerFields(target)];
  return wrap(fields.join(' · '), width).map((line) => colour.dim(line));
}

function summary({ verdict, coverage, checks: rows }: Report, { colour }: RenderOptions): string {
  if (verdict === 'pass' && rows.some(isWaiting))
    return colour.yellow.bold('WAIT  no failure found, but a check is still waiting');
  if (verdict === 'pass') return colour.green.bold('OK  no fault found');
  if (verdict === 'warn') return colour.yellow.bold('OK  no failure found, but see the warnings');
  const count = coverage.unknown + coverage.blocked;
  if (count === 0) return colour.magenta.bold('UNKNOWN  no failure found, because no check applies here');
  return colour.magenta.bold(`UNKNOWN  no failure found, but ${count} check${count === 1 ? '' : 's'} could not run`);
}

/**
 * The findings beside the headline. If there is no headline (`lead`), the first one is printed in full. Each other
 * finding has one line.
 */
function otherFindings(findings: readonly ReportFinding[], lead: boolean, options: RenderOptions): string[] {
  if (options.verbose) {
    const all = findings.flatMap((finding) => ['', ...findingLines(finding, options), '']);
    return all.length > 0 && lead ? [...all, ''] : all;
  }
  const [first, ...others] = lead ? findings : [undefined, ...findings];
  const full = first === undefined ? [] : [...findingLines(first, options), ''];
  const lines = others.filter((finding) => finding !== undefined).flatMap((finding) => findingLine(finding, options));
  const more = lines.length === 0 ? [] : [options.colour.dim('        --verbose shows the fix of each')];
  return [...full, ...lines, ...more, ...(lines.length > 0 && lead ? [''] : [])];
}

/** A finding in one line, or two. */
function findingLine(finding: ReportFinding, { width, colour }: RenderOptions): string[] {
  const isFailure = finding.severity === 'fail';
  const subject = finding.subject === null ? '' : ` ${finding.subject}`;
  const text = `${finding.id}${subject}${detailOf(finding)}`;
  const [first = '', ...more] = hang(isFailure ? 'also    ' : 'warn    ', text, width).slice(0, 2);
  return [(isFailure ? colour.red : colour.yellow)(first), ...more];
}

/** What the finding follows from; else its first evidence, else its title. */
function detailOf({ likelyFollowsFrom, evidence: [first], subject, title }: ReportFinding): string {
  if (likelyFollowsFrom !== null) return ` (likely follows from ${likelyFollowsFrom})`;
  return `: ${first === undefined ? title : withoutSubject(first, subject)}`;
}

/** Evidence that starts with the subject is printed without it. */
function withoutSubject(line: string, subject: string | null): string {
  return subject !== null && line.startsWith(`${subject}: `) ? line.slice(subject.length + 2) : line;
}

/** The first two lines of a note; an ellipsis shows that there is more. */
function shortened([first = '', second = '', ...rest]: readonly string[], width: number): string[] {
  if (rest.length === 0) return [first, second].filter((line) => line !== '');
  return [first, second.length + 2 <= width ? `${second} …` : `${second.slice(0, width - 2).trimEnd()} …`];
}

function notes({ checks }: Report, { verbose, width, colour }: RenderOptions): string[] {
  if (verbose) return [];
  const every = [...new Set(checks.flatMap((check) => check.notes))];
  const waits = every.filter(isWaitNote);
  const unknownWords = every.filter(isUnrecognisedNote);
  const all = every.filter((note) => !isWaitNote(note) && !isUnrecognisedNote(note));
  const hidden = all.length - MAX_NOTES;
  const more = hidden > 0 ? [`        ${hidden} more ${hidden === 1 ? 'note' : 'notes'} with --verbose`] : [];
  const lines = all.slice(0, MAX_NOTES).flatMap((note) => shortened(hang('note    ', note, width), width));
  const shown = [
    ...waits.flatMap((note) => hang('wait    ', note.slice('wait: '.length), width)),
    ...unknownWords.flatMap((note) => hang('note    ', note, width)),
  ];
  return [...shown.map((line) => colour.yellow(line)), ...[...lines, ...more].map((line) => colour.dim(line))];
}

function coverage({ coverage: counts, checks, durationMs }: Report, { colour }: RenderOptions): string {
  const blockers = [...new Set(checks.map((check) => check.blockedBy).filter((id) => id !== null))].join(', ');
  const parts = [
    `evaluated ${counts.evaluated} of ${counts.checks - counts.notApplicable - counts.skipped}`,
    counts.blocked > 0 ? `${counts.blocked} blocked by ${blockers}` : null,
    counts.unknown > 0 ? `${counts.unknown} unknown` : null,
    counts.notApplicable > 0 ? `${counts.notApplicable} not applicable` : null,
    counts.skipped > 0 ? `${counts.skipped} skipped` : null,
    formatDuration(durationMs),
  ];
  return colour.dim(parts.filter((part) => part !== null).join(' · '));
}
