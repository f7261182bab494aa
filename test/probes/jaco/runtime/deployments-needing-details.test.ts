import { describe, expect, test } from 'vitest';
import type { Deployment, Deployments } from '../../../../src/probes/jaco/runtime/deployments.ts';
import { deploymentFact } from '../../../../src/probes/jaco/runtime/deployments.ts';
import {
  type DetailSources,
  deploymentsNeedingDetails,
} from '../../../../src/probes/jaco/runtime/deployments-needing-details.ts';
import { type ObservedReplica, observedReplica } from '../../../../src/probes/jaco/runtime/observed-replica.ts';
import { ReplicaObserved, Deployment as WireDeployment } from '../../../../src/wire/jaco.ts';

const APPLIED_MS = 1_795_000_000_000;

const deployment = (name: string, replicas = 1, placement = 1): Deployment => ({
  ...deploymentFact({
    ...WireDeployment.decode(new Uint8Array()),
    name,
    status: 2,
    services: [{ name: 'web', replicas, placement, hosts: [], networks: [] }],
  }),
  updatedAtMs: APPLIED_MS,
});
const row = (id: string, given: Partial<ReplicaObserved> = {}): ObservedReplica =>
  observedReplica({ ...ReplicaObserved.decode(new Uint8Array()), id, state: 3, host: 'jaco-1', ...given });
const needingDetails = (
  list: readonly Deployment[],
  rows: readonly ObservedReplica[],
  given: Partial<Omit<DetailSources, 'stored'>> & Partial<Deployments> = {},
) => {
  const { deleted = { names: [], cut: false }, containers = [], members = ['jaco-1'], ...status } = given;
  const stored = { list, omitted: 0, namesHosts: true, replicas: { list: rows, omitted: 0 }, ...status };
  return deploymentsNeedingDetails({ stored, deleted, containers, members });
};

describe('GetReplicas is asked for a deployment', () => {
  const shop = [deployment('shop', 2)];
  const both = [row('shop-web-0'), row('shop-web-1')];
  for (const [what, list, rows] of [
    ['with a replica that is not running', shop, [row('shop-web-0'), row('shop-web-1', { state: 6 })]],
    ['with a replica that was never reported', shop, [row('shop-web-0')]],
    ['with the report of a replica that was scaled away', shop, [...both, row('shop-web-2')]],
    ['with a report that no desired replica gives a host', shop, [row('shop-web-0'), row('shop-web-1', { host: '' })]],
    ['that is pending', [{ ...shop[0], status: 'pending' }] as Deployment[], both],
    [
      'whose agent is missing on a member',
      [deployment('shop', 0, 4)],
      [row('shop-web-jaco-1'), row('shop-web-jaco-3')],
    ],
  ] as const)
    test(what, () => {
      expect(
        needingDetails([...list, deployment('blog')], [...rows, row('blog-web-0')], { members: ['jaco-1', 'jaco-2'] }),
      ).toEqual(['shop']);
    });

  test('whose container here is older than the last apply: its successor may be missing', () => {
    const rows = [...both, row('blog-web-0')];
    const containers = [
      { deployment: 'shop', createdAtMs: APPLIED_MS + 900 },
      { deployment: 'shop', createdAtMs: APPLIED_MS - 86_400_000 },
      // Docker gives whole seconds: this one may have been created just after the apply.
      { deployment: 'blog', createdAtMs: APPLIED_MS - 900 },
    ];
    expect(needingDetails([...shop, deployment('blog')], rows, { containers })).toEqual(['shop']);
  });

  test('that was deleted, for its replicas may be written again after that', () => {
    expect(needingDetails(shop, both, { deleted: { names: ['old', 'shop'], cut: false } })).toEqual(['old']);
  });

  test('that no longer exists and that a failed report names', () => {
    const left = row('old-web-0', { state: 6, details: { deployment: 'old', host: 'jaco-1' } });
    expect(needingDetails(shop, [...both, left])).toEqual(['old']);
  });
});

describe('GetReplicas is asked for all replicas', () => {
  const list = [deployment('shop')];
  const rows = [row('shop-web-0')];
  test('where Deploy.Status was not read', () =>
    expect(deploymentsNeedingDetails({ stored: null, deleted: null, containers: [], members: [] })).toBe('all'));
  for (const [what, given] of [
    ['where running replicas name no host, as before v0.3.9', { namesHosts: false }],
    ['where none is running, so that the release is not known', { namesHosts: null }],
    ['where the deletions are not all known', { deleted: { names: [], cut: true } }],
    ['where there were too many deployments to read', { omitted: 1 }],
    ['where a report belongs to no deployment that has a name', { replicas: { list: [row('old-web-0')], omitted: 0 } }],
    [
      'where so many were deleted that one call costs less',
      { deleted: { names: Array.from({ length: 31 }, (_, index) => `preview-${index}`), cut: false } },
    ],
  ] as const)
    test(what, () => expect(needingDetails(list, rows, given)).toBe('all'));
});

test('names that contain each other are kept apart', () => {
  const list = [deployment('a'), deployment('a-web')];
  expect(needingDetails(list, [row('a-web-0'), row('a-web-web-0')])).toEqual([]);
});
