import { expect } from 'vitest';
import type { Cluster } from '../../src/demo/jaco/cluster.ts';
import type { Report } from '../../src/report/report.ts';
import { doctor } from './bin.ts';

/** The result of a run from a machine that is not a node; `said` are its findings, id and subject. */
export type Asked = {
  readonly report: Report;
  readonly code: number | null;
  readonly stderr: string;
  readonly said: readonly string[];
  readonly ms: number;
};

/** Asks operator ports; the token must not be in the output. */
export async function askServers(
  c: Cluster,
  servers: readonly string[],
  { args, token = c.token, env = {} }: { args: readonly string[]; token?: string | null; env?: NodeJS.ProcessEnv },
): Promise<Asked> {
  const given = servers.flatMap((server) => ['--server', server]);
  const run = await doctor([...given, ...args, '--format', 'json'], {
    env: token === null ? env : { ...env, JACO_TOKEN: token },
  });
  const report = JSON.parse(run.stdout) as Report;
  expect(`${run.stdout}${run.stderr}`).not.toContain(c.token);
  const said = report.checks.flatMap(({ findings }) =>
    findings.map(({ id, subject }) => `${id} ${subject ?? ''}`.trim()),
  );
  return { report, code: run.code, stderr: run.stderr, said, ms: run.ms };
}

export const row = (report: Report, name: string) => report.checks.find((check) => check.name === name);
