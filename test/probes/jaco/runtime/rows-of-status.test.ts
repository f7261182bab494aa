import { expect, test } from 'vitest';
import { deploymentFact } from '../../../../src/probes/jaco/runtime/deployments.ts';
import { observedReplica } from '../../../../src/probes/jaco/runtime/observed-replica.ts';
import { rowsOfStatus } from '../../../../src/probes/jaco/runtime/rows-of-status.ts';
import { Deployment, ReplicaObserved } from '../../../../src/wire/jaco.ts';

const deployment = (name: string, services: Record<string, number>, placement = 1) => {
  const stored = Object.entries(services).map(([service, replicas]) => {
    return { name: service, replicas, placement, hosts: [], networks: [] };
  });
  return deploymentFact({ ...Deployment.decode(new Uint8Array()), name, status: 2, services: stored });
};
const row = (given: Partial<ReplicaObserved>) =>
  observedReplica({ ...ReplicaObserved.decode(new Uint8Array()), ...given });

test('a failed pull of v0.3.7 keeps its image, host and reason', () => {
  const failed = row({
    id: 'blog-pull-0',
    state: 1,
    code: 'image_pull_failed',
    details: {
      deployment: 'blog',
      host: 'jaco-1',
      reason: '127.0.0.1:5999/none:1: Error response from daemon: connect: connection refused',
    },
    host: 'jaco-1',
  });
  expect(rowsOfStatus([deployment('blog', { pull: 1 })], [failed], null)).toMatchObject([
    {
      id: 'blog-pull-0',
      deployment: 'blog',
      service: 'pull',
      host: 'jaco-1',
      image: '127.0.0.1:5999/none:1',
      revision: null,
      state: 'pending',
      code: 'image_pull_failed',
    },
  ]);
});

test('a running row names no host; in a cluster of one it is that one', () => {
  const running = [row({ id: 'shop-web-0', state: 3, containerId: 'c'.repeat(64) })];
  const stored = [deployment('shop', { web: 1 })];
  expect(rowsOfStatus(stored, running, null)).toMatchObject([{ host: null, containerId: 'c'.repeat(12), image: null }]);
  expect(rowsOfStatus(stored, running, 'jaco-1')).toMatchObject([{ host: 'jaco-1' }]);
});

test('a replica that was never started is added, and none of a deployment that is not placed yet', () => {
  const running = [row({ id: 'shop-web-1', state: 3 })];
  expect(rowsOfStatus([deployment('shop', { web: 2 })], running, null)).toMatchObject([
    { id: 'shop-web-0', deployment: 'shop', service: 'web', state: 'none', containerId: '' },
    { id: 'shop-web-1', state: 'running' },
  ]);
  expect(rowsOfStatus([{ ...deployment('shop', { web: 2 }), status: 'pending' }], [], null)).toEqual([]);
});

test('a service on every node has ids by host, so nothing is missed', () => {
  const running = [row({ id: 'shop-agent-jaco-1', state: 3 })];
  expect(rowsOfStatus([deployment('shop', { agent: 0 }, 4)], running, null)).toMatchObject([
    { id: 'shop-agent-jaco-1', deployment: 'shop', service: 'agent' },
  ]);
});

test('names with hyphens are distinguished by the stored names', () => {
  const stored = [deployment('shop', { 'web-api': 1, web: 1 }), deployment('shop-web', { db: 1 })];
  const ids = ['shop-web-api-0', 'shop-web-0', 'shop-web-db-0'];
  const rows = rowsOfStatus(
    stored,
    ids.map((id) => row({ id, state: 3 })),
    null,
  );
  expect(rows.map(({ id, deployment, service }) => [id, deployment, service])).toEqual([
    ['shop-web-0', 'shop', 'web'],
    ['shop-web-api-0', 'shop', 'web-api'],
    ['shop-web-db-0', 'shop-web', 'db'],
  ]);
});

test('rows of a removed service and of a deleted deployment keep their own names', () => {
  const rows = rowsOfStatus(
    [deployment('shop', { web: 0 })],
    [row({ id: 'shop-old-0', state: 3 }), row({ id: 'gone-app-0', state: 3 })],
    null,
  );
  expect(rows.map(({ deployment, service }) => [deployment, service])).toEqual([
    ['gone', 'app'],
    ['shop', 'old'],
  ]);
});
