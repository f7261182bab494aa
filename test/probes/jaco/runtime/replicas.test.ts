import { expect, test } from 'vitest';
import { failed, notApplicable, value } from '../../../../src/engine/outcome.ts';
import { type Deployments, deploymentFact } from '../../../../src/probes/jaco/runtime/deployments.ts';
import { observedReplica } from '../../../../src/probes/jaco/runtime/observed-replica.ts';
import { NO_DETAILS, type ReplicaDetails } from '../../../../src/probes/jaco/runtime/replica-details.ts';
import { replicaFact } from '../../../../src/probes/jaco/runtime/replica-fact.ts';
import { replicas } from '../../../../src/probes/jaco/runtime/replicas.ts';
import { Deployment, ReplicaDetail, ReplicaObserved } from '../../../../src/wire/jaco.ts';

const stored = (namesHosts: boolean, reports: readonly Partial<ReplicaObserved>[]): Deployments => ({
  list: ['blog', 'shop'].map((name) =>
    deploymentFact({
      ...Deployment.decode(new Uint8Array()),
      name,
      status: 2,
      services: [{ name: 'web', replicas: 1, placement: 1, hosts: [], networks: [] }],
    }),
  ),
  omitted: 0,
  namesHosts,
  replicas: {
    list: reports.map((one) => observedReplica({ ...ReplicaObserved.decode(new Uint8Array()), state: 3, ...one })),
    omitted: 0,
  },
});
const detail = (given: Partial<ReplicaDetail>) => replicaFact({ ...ReplicaDetail.decode(new Uint8Array()), ...given });
const both = [
  { id: 'shop-web-0', host: 'jaco-1' },
  { id: 'blog-web-0', host: 'jaco-2' },
];
const rowsOf = (details: ReturnType<typeof value<ReplicaDetails>> | object, status: Deployments) =>
  replicas.derive({ details, stored: value(status), settled: notApplicable('') } as never, 0);

test('the rows of a deployment that GetReplicas was asked for take the place of what Deploy.Status reports', () => {
  const row = detail({ id: 'shop-web-0', deployment: 'shop', service: 'web', host: 'jaco-1', revision: '35' });
  const derived = rowsOf(value({ rows: [row], omitted: 0, of: ['shop'] }), stored(true, both));
  expect(derived).toMatchObject({
    value: {
      from: 'both',
      detailed: ['shop'],
      rows: [
        { id: 'blog-web-0', host: 'jaco-2', state: 'running', revision: null },
        { id: 'shop-web-0', state: 'none', revision: '35' },
      ],
    },
  });
});

test('a report of a replica that is no longer desired is left out, as in GetReplicas', () => {
  const derived = rowsOf(value({ rows: [], omitted: 0, of: ['shop'] }), stored(true, both));
  expect(derived).toMatchObject({ value: { rows: [{ id: 'blog-web-0' }] } });
});

test('an answer that does not come in time leaves the reports of Deploy.Status', () => {
  const unanswered = { of: ['shop'], why: 'no answer within 6000 ms' };
  const derived = rowsOf(value({ rows: [], omitted: 0, of: [], unanswered }), stored(true, both));
  expect(derived).toMatchObject({
    value: { from: 'both', unanswered, rows: [{ id: 'blog-web-0' }, { id: 'shop-web-0' }] },
  });
});

test('recordings of versions that asked for every replica have their rows as they were', () => {
  const rows = [detail({ id: 'shop-web-0', deployment: 'shop', service: 'web', host: 'jaco-1', revision: '35' })];
  expect(rowsOf(value({ rows, omitted: 0 }), stored(true, []))).toEqual(value({ rows, omitted: 0, from: 'details' }));
  expect(rowsOf(notApplicable(NO_DETAILS), stored(false, [{ id: 'shop-web-0' }]))).toMatchObject({
    value: {
      from: 'status',
      rows: [
        { id: 'blog-web-0', state: 'none' },
        { id: 'shop-web-0', host: null },
      ],
    },
  });
  const silent = { ...failed('silent', 'answer', 'no answer'), failure: { why: 'silent', root: 'jaco.replicas' } };
  expect(rowsOf(silent, stored(true, []))).toMatchObject({ kind: 'failed' });
});
