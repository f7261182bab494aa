import { describe, expect, test } from 'vitest';
import type { Replica } from '../../../../src/probes/jaco/runtime/replica-fact.ts';
import { brief, unquoted } from '../../scene.ts';
import { captured, judgeRuntime, troubles } from '../scenes/runtime-scene.ts';

const MINUTE = 60_000;

describe('real daemons with their real engines, a fault each', () => {
  test.each<[string, Record<string, string>, readonly string[]]>([
    [
      'bad-command-never-started',
      { replicas: 'fail replica_not_started:created cmd/app' },
      ['exec: "/no/such/program": stat'],
    ],
    ['replica-exit-loop', { replicas: 'fail container_exited loop/app' }, ['2.1 s']],
    ['replica-unhealthy', { replicas: 'fail replica_unhealthy sick/app' }, ['no database']],
    [
      'image-pull-failing',
      { replicas: 'fail image_pull_failed:unreachable pull/app' },
      ['connect: connection refused'],
    ],
    ['depends-on-cycle', { replicas: 'fail depends_on_cycle cyc' }, ['a', 'b']],
    [
      'depends-on-unmet',
      { replicas: 'fail replica_unhealthy dep/db depends_on_unmet dep/app' },
      ['dep-app-0', 'jaco-1', 'db'],
    ],
    ['stale-observation-dead-node', { replicas: 'fail replica_stale stale/app' }, ['jaco-2', '10 s']],
    [
      'rollout-rolled-back',
      { replicas: 'fail replica_unhealthy roll/app', rollouts: 'fail rollout_rolled_back roll' },
      ['roll'],
    ],
  ])('%s', (name, expected, quoted) => {
    // A node has been dead for longer than the age of its last report.
    const scene = captured(name);
    const now = name.startsWith('stale') ? scene.now + MINUTE : scene.now;
    expect(troubles({ ...scene, now })).toEqual(expected);
    const rows = judgeRuntime({ ...scene, now });
    const [check = ''] = Object.keys(expected).slice(-1);
    expect(unquoted(rows[check], ...quoted)).toEqual([]);
  });

  test('an image that is never pulled and is not there', () => {
    const scene = captured('image-missing-never');
    const now = scene.now + MINUTE;
    const lines = {
      seen: true,
      startFailed: {
        'gone-app-0': {
          atMs: now - 5_000,
          text: 'lifecycle.Start: ContainerCreate: Error response from daemon: No such image: lab/nosuch:9',
        },
      },
    };
    expect(troubles({ ...scene, now, lines })).toEqual({ replicas: 'fail replica_not_started:no-container gone/app' });
    // Without the journal, the missing container and its pull policy show the same.
    const service = { name: 'app', pullPolicy: 'never', dependsOn: [], networks: ['n'], startPeriodMs: null };
    const blind = judgeRuntime({
      ...scene,
      now,
      missingImages: ['lab/nosuch:9'],
      manifests: [{ deployment: 'gone', services: [service], problem: null }],
    });
    expect(brief(blind['replicas'])).toBe('fail replica_not_started:no-container gone/app');
    expect(unquoted(blind['replicas'], 'lab/nosuch:9')).toEqual([]);
  });

  test('more replicas than hosts: nothing is placed, and the log races', () => {
    const scene = captured('deployment-pending');
    const rows = judgeRuntime({ ...scene, pace: { entries: 59, ms: 5_300 } });
    expect(troubles({ ...scene, pace: { entries: 59, ms: 5_300 } })).toEqual({
      deployments: 'fail deployment_pending:too-few-hosts pend',
    });
    expect(brief(rows['deployments'])).toBe('fail deployment_pending:too-few-hosts pend');
    expect(unquoted(rows['deployments'], 'only 1 eligible host(s) but 3 replicas requested', '11.1')).toEqual([]);
  });

  test('a pending that healed: all is placed and the log is quiet', () => {
    const rows = judgeRuntime({ ...captured('deployment-pending-sticky'), pace: { entries: 1, ms: 1_200 } });
    expect(brief(rows['deployments'])).toBe('warn deployment_pending_stale unr');
  });

  test('replicas of a deleted deployment', () => {
    const scene = captured('deleted-deployment-ghost-replicas');
    expect(troubles({ ...scene, ghosts: ['gone'] })).toEqual({ containers: 'fail orphan_replica gone' });
    expect(brief(judgeRuntime({ ...scene, ghosts: ['gone'] })['containers'])).toBe('fail orphan_replica gone');
    expect(unquoted(judgeRuntime({ ...scene, ghosts: ['gone'] })['containers'], '2026-11-21T08:14:49Z')).toEqual([]);
  });

  test('a foreign network with JACO’s name: the container runs outside of the pool', () => {
    const scene = captured('network-name-taken');
    const taken = {
      id: 'abc',
      name: 'jaco_clash_n',
      subnets: ['172.17.0.0/16'],
      bridge: 'br-abc',
      createdAtMs: null,
      jaco: null,
    };
    expect(troubles({ ...scene, networks: [taken] })).toEqual({
      containers: 'fail network_conflict:foreign-name jaco_clash_n',
    });
  });

  test('the pool is exhausted', () => {
    const scene = captured('subnet-pool-exhausted');
    expect(troubles(scene)).toEqual({ 'subnet-pool': 'fail subnet_pool_exhausted' });
  });

  test('the pool is exhausted, and restart_exhausted overwrites the code: without a container it is still recognised', () => {
    const scene = captured('subnet-pool-exhausted');
    const rows = (scene.rows as readonly Replica[]).map((row) => ({ ...row, code: 'restart_exhausted' }));
    expect(troubles({ ...scene, rows, now: scene.now + 2 * MINUTE })).toEqual({
      'subnet-pool': 'fail subnet_pool_exhausted',
    });
  });
});

describe('real daemons that look odd and are well', () => {
  test.each(['healthy', 'odd-but-healthy'])('%s', (name) => {
    expect(troubles(captured(name))).toEqual({});
  });

  test('a host that died before the start: first it is a start, later it is missing, and another check reports the host', () => {
    const scene = captured('pinned-host-down');
    expect(troubles(scene)).toEqual({});
    expect(troubles({ ...scene, now: scene.now + 2 * MINUTE })).toEqual({
      replicas: 'fail replica_not_started:other-node pin/app',
    });
  });
});
