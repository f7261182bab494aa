import { expect, test } from 'vitest';
import { deploy, replicaRow } from '../../../../src/demo/jaco/workload.ts';
import { notApplicable, value } from '../../../../src/engine/outcome.ts';
import {
  type ReplicaHealthReports,
  replicaHealthReports,
} from '../../../../src/probes/jaco/runtime/replica-health-reports.ts';
import { ask, fact, start, stored } from './stand-in-cluster.ts';

test('a replica that looks stale is sampled again and is not', { timeout: 15_000 }, async () => {
  const cluster = await start();
  deploy(cluster, 'shop', [{ name: 'web' }, { name: 'db' }]);
  const facts = await stored();
  const old = facts.replicas.rows.map((one) => ({ ...one, lastHealthAtMs: Date.now() - 60_000 }));
  cluster.content.unwatched.add('shop-db-0');
  replicaRow(cluster, 'shop-db-0').lastHealthAt = { seconds: String(Math.floor(Date.now() / 1000) - 60), nanos: 0 };
  const peers = value({ peers: [], omitted: 0 });
  expect(
    await fact<ReplicaHealthReports>(replicaHealthReports, { replicas: { rows: old, from: 'details' }, peers }),
  ).toEqual({
    beating: ['shop-web-0'],
  });
});

test('a healthy cluster is not asked', async () => {
  deploy(await start(), 'shop', [{ name: 'web' }]);
  const facts = { ...(await stored()), peers: notApplicable('') };
  expect(await ask(replicaHealthReports, facts)).toMatchObject({ kind: 'not-applicable' });
});

test('ends its wait for the next health report when the time of the run is over', async () => {
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
