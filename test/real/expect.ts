import { expect } from 'vitest';
import type { Report } from '../../src/report/report.ts';
import type { Run } from './shell.ts';

type Finding = Report['checks'][number]['findings'][number];

/**
 * The expected result of a run: the first id, the exit code, and words of the evidence, which are the reason for that
 * id.
 */
export type Said = {
  readonly first: string | null;
  readonly exit: number;
  /** Words that the evidence of the first finding must contain; of the finding `warned` if nothing failed. */
  readonly because?: readonly RegExp[];
  /** An expected warning. */
  readonly warned?: string;
  /** Ids that must not be found: what a hasty run would report. */
  readonly never?: readonly string[];
};

export function findings({ report }: Run): readonly Finding[] {
  return report.checks.flatMap((row) => row.findings);
}

export function ids(run: Run): readonly string[] {
  return findings(run).map(({ id }) => id);
}

/** Every step that the report prints, as one line each. */
export function advised(run: Run): readonly string[] {
  return findings(run).flatMap(({ fix }) => fix.flatMap(({ run: argv, do: prose }) => argv?.join(' ') ?? prose ?? []));
}

/** Compares a run with the expected result, and prints a line about it. */
export function expectSaid(what: string, run: Run, said: Said): void {
  const { report, code, ms } = run;
  console.log(
    `${what}: ${[report.first ?? 'nothing failed', ...ids(run).filter((id) => id !== report.first)].join(', ')}; exit ${code}, ${ms} ms`,
  );
  const shown = JSON.stringify(
    report.checks
      .filter((row) => row.status !== 'pass')
      .map(({ name, status, reason, findings }) => ({ name, status, reason, findings })),
    null,
    1,
  );
  expect(report.first, shown).toBe(said.first);
  expect(code, shown).toBe(said.exit);
  expect(run.stderr).toBe('');
  const subject = said.first ?? said.warned;
  const evidence = findings(run)
    .filter(({ id }) => id === subject)
    .flatMap((finding) => finding.evidence)
    .join('\n');
  for (const words of said.because ?? []) expect(evidence).toMatch(words);
  if (said.warned !== undefined) expect(ids(run)).toContain(said.warned);
  for (const id of said.never ?? []) expect(ids(run)).not.toContain(id);
  // No fault here takes the doctor longer than its deadline for a silent daemon.
  expect(ms).toBeLessThan(8_000);
}
