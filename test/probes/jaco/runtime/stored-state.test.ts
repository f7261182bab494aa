import { afterEach, describe, expect, test } from 'vitest';
import { type Cluster, startCluster } from '../../../../src/demo/jaco/cluster.ts';
import { clearReport, deploy, replicaContainer, replicaRow } from '../../../../src/demo/jaco/workload.ts';
import { notApplicable, type Result, value } from '../../../../src/engine/outcome.ts';
import type { Probe } from '../../../../src/engine/probe.ts';
import { type ClusterId, clusterId } from '../../../../src/probes/jaco/runtime/cluster-id.ts';
import { composeServices } from '../../../../src/probes/jaco/runtime/compose-services.ts';
import { type DeploymentEvents, deploymentEvents } from '../../../../src/probes/jaco/runtime/deployment-events.ts';
import { type Deployments, deployments } from '../../../../src/probes/jaco/runtime/deployments.ts';
import { type GhostDeployments, ghostDeployments } from '../../../../src/probes/jaco/runtime/ghost-deployments.ts';
import { type Manifest, manifests } from '../../../../src/probes/jaco/runtime/manifests.ts';
import { type RaftLogRate, raftLogRate } from '../../../../src/probes/jaco/runtime/raft-log-rate.ts';
import {
  type RegistryCredentials,
  registryCredentials,
} from '../../../../src/probes/jaco/runtime/registry-credentials.ts';
import { type ReplicaCodes, replicaCodes } from '../../../../src/probes/jaco/runtime/replica-codes.ts';
import {
  type ReplicaHealthReports,
  replicaHealthReports,
} from '../../../../src/probes/jaco/runtime/replica-health-reports.ts';
import { type Replicas, replicas } from '../../../../src/probes/jaco/runtime/replicas.ts';
import { DeploymentStatus, ReplicaState } from '../../../../src/wire/jaco.ts';

let cluster: Cluster;
afterEach(() => cluster.close());

async function start(nodes = 1): Promise<Cluster> {
  cluster = await startCluster({ nodes });
  return cluster;
}

async function ask(probe: Probe, facts: object = {}): Promise<Result> {
  const io = { phase: () => {}, token: null, settings: { sinceMs: 3_600_000 } };
  const access = { endpoint: { kind: 'socket', path: cluster.node(1).socketPath } };
  return probe.collect(io as never, { access, ...facts } as never, new AbortController().signal);
}

async function fact<T>(probe: Probe, facts: object = {}): Promise<T> {
  const result = await ask(probe, facts);
  if (result.kind !== 'value') throw new Error(JSON.stringify(result));
  return result.value as T;
}

const stored = async () => ({
  deployments: await fact<Deployments>(deployments),
  replicas: await fact<Replicas>(replicas),
});

describe('what is wanted and what was seen of it', () => {
  test('rows come with their dependencies and their times', async () => {
    deploy(await start(), 'shop', [{ name: 'db' }, { name: 'web', dependsOn: ['db'] }]);
    const { rows } = await fact<Replicas>(replicas);
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

  test('a failed row tells its exit status, a pull its reason, and no secret of either', async () => {
    deploy(await start(), 'shop', [{ name: 'db' }, { name: 'web' }]);
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
    const { rows } = await fact<Replicas>(replicas);
    expect(rows[0]).toMatchObject({ state: 'failed', exitCode: 137 });
    expect(rows[1]?.reason).toBe('reg/app:1: Get "https://[redacted]@reg/v2/": unauthorized');
  });

  test('deployments come without their manifests', async () => {
    deploy(await start(), 'shop', [{ name: 'web' }]);
    const read = await fact<Deployments>(deployments);
    expect(read.list).toMatchObject([
      { name: 'shop', status: 'active', services: [{ name: 'web', replicas: 1, networks: ['back'] }] },
    ]);
    expect(JSON.stringify(read)).not.toMatch(/canary|image:/);
  });

  test('a daemon that is gone, or refuses, says so', async () => {
    await start();
    await cluster.node(1).stop();
    expect(await ask(replicas)).toMatchObject({ kind: 'failed', failure: { why: 'absent', phase: 'connect' } });
    expect(await ask(deployments)).toMatchObject({ kind: 'failed', failure: { why: 'absent' } });
  });
});

describe('manifests', () => {
  test('are read of deployments in trouble, and of no other', async () => {
    deploy(await start(), 'well', [{ name: 'web' }]);
    deploy(cluster, 'sick', [
      { name: 'db' },
      {
        name: 'web',
        dependsOn: ['db'],
        compose: '    pull_policy: never\n    healthcheck: {test: [CMD, x], start_period: 1m30s}\n',
      },
    ]);
    clearReport(cluster, 'sick-web-0');
    cluster.calls.length = 0;
    const read = await fact<readonly Manifest[]>(manifests, await stored());
    expect(read).toMatchObject([
      {
        deployment: 'sick',
        problem: null,
        services: [
          { name: 'db' },
          {
            name: 'web',
            pullPolicy: 'never',
            startPeriodMs: 90_000,
            dependsOn: [{ service: 'db', required: true }],
            networks: ['back'],
          },
        ],
      },
    ]);
    expect(JSON.stringify(read)).not.toMatch(/canary/);
  });

  test('one that cannot be read says where it stands, and quotes nothing', async () => {
    deploy(await start(), 'sick', [{ name: 'web', compose: '    secret: "canary-of-a-broken-line-9\n  : {[\n' }]);
    clearReport(cluster, 'sick-web-0');
    const read = await fact<readonly Manifest[]>(manifests, await stored());
    expect(read[0]?.problem).toMatch(/^the stored compose file cannot be read: [A-Z_]+$/);
    expect(JSON.stringify(read)).not.toMatch(/canary/);
  });

  test('compose’s several ways of saying one thing are one', () => {
    expect(
      composeServices({
        services: {
          a: { depends_on: ['b', 'c'], networks: { default: null, x: {} } },
          b: { depends_on: { c: { condition: 'service_healthy', required: false } } },
          c: {
            network_mode: 'none',
            healthcheck: { disable: true, start_period: '5s' },
            environment: ['TOKEN=x', 'bare'],
          },
          d: 'no service',
        },
      }),
    ).toMatchObject([
      { name: 'a', dependsOn: [{ service: 'b', required: true }, { service: 'c' }], networks: ['_default', 'x'] },
      { name: 'b', dependsOn: [{ service: 'c', required: false }], networks: ['_default'] },
      { name: 'c', networks: [], startPeriodMs: null },
    ]);
    for (const hostile of [
      null,
      5,
      [],
      { services: [] },
      { services: { a: { depends_on: 5, networks: 'x', healthcheck: [] } } },
    ])
      expect(() => composeServices(hostile)).not.toThrow();
  });
});

describe('looks that are taken only where something is in question', () => {
  const KIND = 'not-applicable';

  test('none on a healthy cluster', async () => {
    deploy(await start(), 'shop', [{ name: 'web' }]);
    const facts = { ...(await stored()), peers: notApplicable('') };
    for (const probe of [raftLogRate, ghostDeployments, replicaCodes, registryCredentials, replicaHealthReports])
      expect([probe.name, (await ask(probe, facts)).kind]).toEqual([probe.name, KIND]);
  });

  test('the race of the log behind a pending deployment', async () => {
    deploy(await start(), 'shop', [{ name: 'web' }]);
    const [one] = cluster.content.deploy.deployments;
    if (one) one.status = DeploymentStatus.PENDING;
    cluster.raft.extraEntriesPerSecond = 20;
    const { entries, ms } = await fact<RaftLogRate>(raftLogRate, await stored());
    expect(entries / (ms / 1_000)).toBeGreaterThan(15);
    expect(ms).toBeGreaterThan(1_000);
  });

  test('replicas whose deployment is gone at both looks, and not one that was deleted in between', async () => {
    deploy(await start(), 'gone', [{ name: 'web' }]);
    deploy(cluster, 'late', [{ name: 'web' }]);
    const facts = { deployments: { list: [], omitted: 0 }, replicas: await fact<Replicas>(replicas) };
    const { deploy: state } = cluster.content;
    state.deployments = state.deployments.filter(({ name }) => name !== 'gone');
    expect(await fact<GhostDeployments>(ghostDeployments, facts)).toEqual({ ghosts: ['gone'] });
  });

  test('the code that restart_exhausted hides', async () => {
    deploy(await start(), 'shop', [{ name: 'web' }]);
    const failing = Object.assign(replicaRow(cluster, 'shop-web-0'), {
      state: ReplicaState.FAILED,
      code: 'restart_exhausted',
    });
    const facts = await stored();
    const watching = fact<ReplicaCodes>(replicaCodes, facts);
    cluster.calls.length = 0;
    await expect.poll(() => cluster.calls.length).toBeGreaterThan(1);
    Object.assign(failing, { code: 'container_exited', details: { exit_code: '4' } });
    expect(await watching).toMatchObject({ 'shop-web-0': { code: 'container_exited', exitCode: 4 } });
  });

  test('registries with a credential, without names or secrets', async () => {
    deploy(await start(), 'shop', [{ name: 'web' }]);
    replicaRow(cluster, 'shop-web-0').code = 'image_pull_failed';
    cluster.content.registries.push({ registry: 'ghcr.io/shop', username: 'canary-user', updatedAt: undefined });
    const read = await fact<RegistryCredentials>(registryCredentials, await stored());
    expect(read).toEqual({ registries: ['ghcr.io/shop'] });
  });

  test('a replica that looks stale and is looked at again is not', { timeout: 15_000 }, async () => {
    deploy(await start(), 'shop', [{ name: 'web' }, { name: 'db' }]);
    const facts = await stored();
    const old = facts.replicas.rows.map((one) => ({ ...one, lastHealthAtMs: Date.now() - 60_000 }));
    cluster.content.unwatched.add('shop-db-0');
    replicaRow(cluster, 'shop-db-0').lastHealthAt = { seconds: String(Math.floor(Date.now() / 1000) - 60), nanos: 0 };
    const peers = value({ peers: [], omitted: 0 });
    expect(await fact<ReplicaHealthReports>(replicaHealthReports, { replicas: { rows: old }, peers })).toEqual({
      beating: ['shop-web-0'],
    });
  });
});

test('what was done to deployments within the time looked back, with who did it', async () => {
  deploy(await start(), 'shop', [{ name: 'web' }], Date.now() - 60_000);
  deploy(cluster, 'old', [{ name: 'web' }], Date.now() - 7_200_000);
  const { events } = await fact<DeploymentEvents>(deploymentEvents);
  expect(events).toMatchObject([{ kind: 'apply', deployment: 'shop', identity: 'local' }]);
});

test('the cluster’s id, which its containers carry', async () => {
  deploy(await start(), 'shop', [{ name: 'web' }]);
  const { id } = await fact<ClusterId>(clusterId);
  expect(id).toBe(replicaContainer(cluster, 'shop-web-0').labels['jaco.cluster_id']);
});
