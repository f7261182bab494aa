import { expect } from 'vitest';
import type { Report } from '../../src/report/report.ts';
import type { Run } from './shell.ts';

type Finding = Report['checks'][number]['findings'][number];

/** What a run must say: the first id, the exit code, and words of the evidence, which are the reason for that id. */
export type Said = {
  readonly first: string | null;
  readonly exit: number;
  /** Words that the evidence of the first finding must have; of the finding `warned` where nothing failed. */
  readonly because?: readonly RegExp[];
  /** A warning that must be there. */
  readonly warned?: string;
  /** Ids that must be found nowhere: what a hasty look would say. */
  readonly never?: readonly string[];
};

export function findings({ report }: Run): readonly Finding[] {
  return report.checks.flatMap((row) => row.findings);
}

export function ids(run: Run): readonly string[] {
  return findings(run).map(({ id }) => id);
}

/** Every step that the report tells its reader to run, as one line each. */
export function advised(run: Run): readonly string[] {
  return findings(run).flatMap(({ fix }) => fix.flatMap(({ run: argv, do: prose }) => argv?.join(' ') ?? prose ?? []));
}

/** Holds a run to what it must say, and prints the line that tells what was seen. */
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
  // Nothing here takes a doctor more than its deadline for a silent daemon.
  expect(ms).toBeLessThan(8_000);
}
