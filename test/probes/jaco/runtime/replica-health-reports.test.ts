import { expect, it } from 'vitest';
import { replicaHealthReports } from '../../../../src/probes/jaco/runtime/replica-health-reports.ts';

it('ends its wait for the next health report when the time of the run is over', async () => {
  const run = new AbortController();
  const phases: string[] = [];
  const io = {
    phase: (name: string) => {
      phases.push(name);
      run.abort();
    },
  };
  const stale = { id: 'web-1', state: 'running', host: 'jaco-2', lastHealthAtMs: Date.now() - 60_000 };
  const facts = { access: {}, replicas: { rows: [stale] }, peers: { kind: 'not-applicable', reason: 'no peers' } };
  await expect(replicaHealthReports.collect(io as never, facts as never, run.signal)).rejects.toThrow(/abort/);
  expect(phases).toEqual(['wait']);
});
