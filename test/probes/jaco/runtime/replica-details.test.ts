import { expect, test } from 'vitest';
import { addAuditEvent } from '../../../../src/demo/jaco/replicated-state.ts';
import { clearReport, deploy, replicaRow } from '../../../../src/demo/jaco/workload.ts';
import { notApplicable, value } from '../../../../src/engine/outcome.ts';
import {
  type DeletedDeployments,
  deletedDeployments,
} from '../../../../src/probes/jaco/runtime/deleted-deployments.ts';
import { type Deployments, deployments } from '../../../../src/probes/jaco/runtime/deployments.ts';
import {
  NO_DETAILS,
  type ReplicaDetails,
  replicaDetails,
} from '../../../../src/probes/jaco/runtime/replica-details.ts';
import { AuditEventType, ReplicaState } from '../../../../src/wire/jaco.ts';
import { ask, fact, start, UNREAD } from './stand-in-cluster.ts';

/** What the probe follows in a cluster whose deployments and deletions are known. */
const known = async () => ({
  ...UNREAD,
  stored: value(await fact<Deployments>(deployments)),
  deleted: value(await fact<DeletedDeployments>(deletedDeployments)),
});
const asked = (calls: readonly { readonly path: string }[]) =>
  calls.filter(({ path }) => path.endsWith('/GetReplicas'));

test('rows come with their dependencies and their times', async () => {
  deploy(await start(), 'shop', [{ name: 'db' }, { name: 'web', dependsOn: ['db'] }]);
  const { rows } = await fact<ReplicaDetails>(replicaDetails, UNREAD);
  expect(rows).toMatchObject([
    { id: 'shop-db-0', state: 'running', dependsOn: [] },
    {
      id: 'shop-web-0',
      host: 'demo-1',
      revision: '40',
      exitCode: null,
      dependsOn: [{ service: 'db', condition: 'service_started', satisfied: true }],
    },
  ]);
  expect(Date.now() - (rows[1]?.lastHealthAtMs ?? 0)).toBeLessThan(5_000);
});

test('a failed row has its exit status, a pull its reason, and neither contains a secret', async () => {
  const cluster = await start();
  deploy(cluster, 'shop', [{ name: 'db' }, { name: 'web' }]);
  Object.assign(replicaRow(cluster, 'shop-db-0'), {
    state: ReplicaState.FAILED,
    code: 'container_exited',
    details: { exit_code: '137' },
  });
  const reason = 'reg/app:1: Get "https://user:hunter2hunter2@reg/v2/": unauthorized \u001b[2J';
  Object.assign(replicaRow(cluster, 'shop-web-0'), {
    state: ReplicaState.PENDING,
    code: 'image_pull_failed',
    details: { reason },
  });
  const { rows } = await fact<ReplicaDetails>(replicaDetails, await known());
  expect(rows[0]).toMatchObject({ state: 'failed', exitCode: 137 });
  expect(rows[1]?.reason).toBe('reg/app:1: Get "https://[redacted]@reg/v2/": unauthorized');
});

test('a daemon that parses a compose file for each service is asked for none of a healthy cluster', async () => {
  const cluster = await start();
  deploy(cluster, 'shop', [{ name: 'db' }, { name: 'web' }]);
  const facts = await known();
  expect(await fact<ReplicaDetails>(replicaDetails, facts)).toEqual({ rows: [], omitted: 0, of: [] });
  expect(asked(cluster.calls)).toHaveLength(0);
});

test('a deployment with a replica that was never started is asked for, and its neighbour is not', async () => {
  const cluster = await start();
  deploy(cluster, 'shop', [{ name: 'db' }, { name: 'web', dependsOn: ['db'] }]);
  deploy(cluster, 'blog', [{ name: 'web' }]);
  clearReport(cluster, 'shop-web-0');
  const { rows, of } = await fact<ReplicaDetails>(replicaDetails, await known());
  expect(of).toEqual(['shop']);
  expect(rows).toMatchObject([
    { id: 'shop-db-0', state: 'running' },
    { id: 'shop-web-0', state: 'none', revision: '40', dependsOn: [{ service: 'db' }] },
  ]);
});

test('a replica that outlives its deleted deployment is listed, though Deploy.Status shows nothing of it', async () => {
  const cluster = await start();
  deploy(cluster, 'shop', [{ name: 'web' }]);
  deploy(cluster, 'gone', [{ name: 'web' }]);
  clearReport(cluster, 'gone-web-0');
  const { content } = cluster;
  content.deploy.deployments = content.deploy.deployments.filter(({ name }) => name !== 'gone');
  const event = { type: AuditEventType.DELETE, identity: 'ops', payload: { deployment: 'gone' } };
  addAuditEvent(content, { ...event, at: Date.now() - 40 * 86_400_000 });
  expect(await fact<ReplicaDetails>(replicaDetails, await known())).toMatchObject({
    of: ['gone'],
    rows: [{ id: 'gone-web-0', deployment: 'gone', state: 'none' }],
  });
});

test('a daemon that stops before it is asked leaves the deployment without details, and says why', async () => {
  const cluster = await start();
  deploy(cluster, 'shop', [{ name: 'web' }, { name: 'db' }]);
  clearReport(cluster, 'shop-web-0');
  const facts = await known();
  await cluster.node(1).stop();
  expect(await fact<ReplicaDetails>(replicaDetails, facts)).toMatchObject({
    rows: [],
    of: [],
    unanswered: { of: ['shop'], why: expect.stringMatching(/ENOENT|not exist|refused/) },
  });
});

test('v0.3.7 names no host of a running replica, so all are asked for, which it refuses', async () => {
  const cluster = await start();
  cluster.node(1).release = 'v0.3.7';
  deploy(cluster, 'shop', [{ name: 'web' }]);
  expect(await ask(replicaDetails, await known())).toEqual(notApplicable(NO_DETAILS));
  expect(asked(cluster.calls)).toHaveLength(1);
});
