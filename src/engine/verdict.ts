import type { Id } from '../catalog/generated/ids.ts';
import type { Row } from './row.ts';

/** Severity of an id, from the catalogue. */
export type SeverityOf = (id: Id) => 'fail' | 'warn' | 'none';

export type FailOn = 'fail' | 'warn' | 'never';

export type Verdict = 'pass' | 'warn' | 'fail' | 'unknown';

/** Counts of rows by status; `checks` is the total. */
export type Coverage = {
  readonly checks: number;
  readonly evaluated: number;
  readonly unknown: number;
  readonly blocked: number;
  readonly notApplicable: number;
  readonly skipped: number;
};

export const EXIT_MEANINGS = {
  0: 'nothing failed and every applicable check was evaluated',
  1: 'a check failed',
  2: 'warnings only, and --fail-on warn was asked for',
  3: 'nothing failed, but an applicable check could not be evaluated',
  64: 'usage: the command line, a file it names, or nothing here to examine',
  70: 'internal error of the doctor',
} as const;

export type ExitCode = keyof typeof EXIT_MEANINGS;

/** Counts rows. A row that judged only some targets of a fan-out is evaluated if it found something or passed. */
export function coverageOf(rows: readonly Row[]): Coverage {
  const count = (...statuses: Row['status'][]): number => rows.filter((row) => statuses.includes(row.status)).length;
  return {
    checks: rows.length,
    evaluated: count('pass', 'warn', 'fail'),
    unknown: count('unknown'),
    blocked: count('blocked'),
    notApplicable: count('not-applicable'),
    skipped: count('skipped'),
  };
}

/** The severity of a finding: that of its id, or a lower one that the finding sets. */
export function severityOfFinding(
  { id, severity }: { readonly id: Id; readonly severity?: 'warn' },
  severityOf: SeverityOf,
): ReturnType<SeverityOf> {
  return severityOf(id) === 'fail' ? (severity ?? 'fail') : severityOf(id);
}

/** The first failing id in the order of checks. Null exactly when nothing failed. */
export function firstFailing(rows: readonly Row[], severityOf: SeverityOf): Id | null {
  for (const row of rows)
    for (const finding of row.findings) if (severityOfFinding(finding, severityOf) === 'fail') return finding.id;
  return null;
}

export function verdictOf(rows: readonly Row[]): Verdict {
  const has = (...statuses: Row['status'][]): boolean => rows.some((row) => statuses.includes(row.status));
  if (has('fail')) return 'fail';
  if (has('unknown', 'blocked') || rows.every((row) => row.status === 'skipped' || row.status === 'not-applicable'))
    return 'unknown';
  return has('warn') ? 'warn' : 'pass';
}

/**
 * The exit code of a verdict: 1 takes precedence over 3, and 3 over 2. With `never`, findings give success, but checks
 * that could not be evaluated do not.
 */
export function exitCodeOf(rows: readonly Row[], failOn: FailOn): ExitCode {
  const verdict = verdictOf(rows);
  if (verdict === 'fail' && failOn !== 'never') return 1;
  const { unknown, blocked } = coverageOf(rows);
  if (verdict === 'unknown' || unknown + blocked > 0) return 3;
  return rows.some((row) => row.status === 'warn') && failOn === 'warn' ? 2 : 0;
}
