import { describe, expect, test } from 'vitest';
import type { DeploymentEvent } from '../../src/probes/jaco/runtime/deployment-events.ts';
import {
  brief,
  containerWith,
  deployment,
  failure,
  judgeRuntime,
  NOW,
  network,
  replica,
  type Scene,
  unreported,
  words,
} from './runtime-scene.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const row = (name: string, scene: Scene) => judgeRuntime(scene)[name];
const service = (given: Partial<ReturnType<typeof deployment>['services'][number]> = {}) => ({
  name: 'web',
  replicas: 1,
  placement: 'spread' as const,
  hosts: [],
  networks: ['back'],
  ...given,
});

describe('the address pool', () => {
  const wide = (count: number) => [
    deployment({ services: [service({ networks: Array.from({ length: count }, (_, index) => `n${index}`) })] }),
  ];

  test('is counted by deployment, network and host', () => {
    const rows = [
      replica(),
      replica({ id: 'shop-web-1', host: 'jaco-2' }),
      replica({ id: 'shop-web-2', host: 'jaco-2' }),
    ];
    expect(words(row('subnet-pool', { rows }))).toMatch(
      /at least 2 of 256 networks are given out: 2 for the replicas there are/,
    );
  });

  test('is low from three quarters on', () => {
    expect(brief(row('subnet-pool', { deployments: wide(191) }))).toBe('pass');
    expect(brief(row('subnet-pool', { deployments: wide(192) }))).toBe('warn subnet_pool_low');
  });

  test('the leader’s own count is taken, unless a deployment was deleted since', () => {
    const lines = { seen: true, poolUse: { atMs: NOW - 5 * MINUTE, used: 230, size: 256 } };
    const told = row('subnet-pool', { lines });
    expect(brief(told)).toBe('warn subnet_pool_low');
    expect(words(told)).toMatch(/230 of 256 networks are given out: the leader's own count/);
    const events: DeploymentEvent[] = [{ kind: 'delete', deployment: 'old', identity: 'op', atMs: NOW - MINUTE }];
    expect(brief(row('subnet-pool', { lines, events }))).toBe('pass');
  });

  test('is exhausted where a replica or the daemon says so now', () => {
    const refused = replica({ state: 'failed', code: 'subnet_pool_exhausted', network: 'back', containerId: '' });
    const told = row('subnet-pool', { rows: [refused], containers: [] });
    expect(brief(told)).toBe('fail subnet_pool_exhausted');
    expect(words(told)).toMatch(/shop-web-0 on jaco-1 gets no network for back/);
    const said = (ago: number) => ({
      lines: { seen: true, poolExhausted: { atMs: NOW - ago, text: 'ipam pool exhausted' } },
    });
    expect(brief(row('subnet-pool', said(5 * SECOND)))).toBe('fail subnet_pool_exhausted');
    expect(brief(row('subnet-pool', said(5 * MINUTE)))).toBe('pass');
  });

  test('a network that left its deployment is told, and counted', () => {
    const networks = [
      network('jaco_shop_back', '10.244.0.0/24', 'shop'),
      { ...network('jaco_shop_gone', '10.244.1.0/24', 'shop') },
    ];
    const told = row('subnet-pool', { networks });
    expect(brief(told)).toBe('pass');
    expect(words(told)).toMatch(
      /1 leaked on this node\njaco_shop_gone \(10\.244\.1\.0\/24\) belongs to no service any more/,
    );
    // A network that a container is on is in use, whatever jaco.yaml makes of its name.
    const used = containerWith({}, { networks: [{ name: 'jaco_shop_gone', ip: '10.244.1.2' }] });
    expect(words(row('subnet-pool', { networks, containers: [used] }))).not.toMatch(/belongs to no service/);
  });
});

describe('deployments', () => {
  const pending = (given = {}) => [
    deployment({ status: 'pending', reason: 'service "web": no eligible hosts', ...given }),
  ];

  test.each([
    ['service "web": only 1 eligible host(s) but 3 replicas requested', 'too-few-hosts'],
    ['service "web": no eligible hosts', 'no-eligible-hosts'],
    ['service "web" not found in compose project', 'no-image'],
    ['compose parse failed: yaml: line 3', 'compose-failed'],
    ['something new', 'other'],
  ])('%s', (reason, cause) => {
    expect(brief(row('deployments', { deployments: pending({ reason }), rows: [], containers: [] }))).toBe(
      `fail deployment_pending:${cause} shop`,
    );
  });

  test('all placed and quiet is stale; all placed and racing is not', () => {
    const scene = { deployments: pending() };
    expect(brief(row('deployments', { ...scene, pace: { entries: 1, ms: 1_200 } }))).toBe(
      'warn deployment_pending_stale shop',
    );
    expect(brief(row('deployments', { ...scene, pace: { entries: 14, ms: 1_200 } }))).toBe(
      'fail deployment_pending:no-eligible-hosts shop',
    );
    const blocked = { shop: { atMs: NOW - SECOND, text: 'no eligible hosts' } };
    expect(brief(row('deployments', { ...scene, lines: { seen: true, blocked } }))).toBe(
      'fail deployment_pending:no-eligible-hosts shop',
    );
  });

  test('what many replicas write by themselves is no race', () => {
    const rows = Array.from({ length: 60 }, (_, index) => replica({ id: `shop-web-${index}`, host: 'jaco-2' }));
    const deployments = pending({ services: [service({ replicas: 60 })] });
    expect(brief(row('deployments', { deployments, rows, pace: { entries: 14, ms: 1_200 } }))).toBe(
      'warn deployment_pending_stale shop',
    );
  });

  test('an underscore in the name keeps every container from its network (live R5.3)', () => {
    const deployments = [deployment({ name: 'my_App' })];
    const rows = [unreported({ id: 'my_App-web-0', deployment: 'my_App' })];
    const told = row('deployments', { deployments, rows, containers: [] });
    expect(brief(told)).toBe('fail deployment_name_unsafe my_App');
    expect(words(told)).toMatch(/ask for the network jaco_my_App_back; the daemon makes jaco_my_App_App_back/);
    const none = [deployment({ name: 'my_App', services: [service({ networks: [] })] })];
    expect(brief(row('deployments', { deployments: none, rows, containers: [] }))).toBe('pass');
  });

  test('a hyphen is no underscore, and no replicas are no fault', () => {
    const zero = row('deployments', {
      deployments: [deployment({ services: [service({ replicas: 0 })] })],
      rows: [],
      containers: [],
    });
    expect(brief(zero)).toBe('pass');
    expect(zero?.notes).toEqual(['shop asks for no replicas, so none run; its routes and certificates stay']);
    expect(
      brief(
        row('deployments', {
          deployments: [deployment({ name: 'my-app' })],
          rows: [replica({ deployment: 'my-app' })],
        }),
      ),
    ).toBe('pass');
  });
});

describe('what former deployments left (live rule 10)', () => {
  const left = network('jaco_old_back', '10.244.0.0/24', 'old');
  const created = containerWith({ state: 'created', startedAtMs: null, error: 'network jaco_shop_back not found' });

  test('a network that is in nobody’s way is a note', () => {
    const told = row('containers', { networks: [left, network('jaco_shop_back', '10.244.1.0/24', 'shop')] });
    expect(brief(told)).toBe('pass');
    expect(told?.notes).toEqual([
      'jaco_old_back (10.244.0.0/24) is left of deployment old, which is gone; its addresses may be given to the next one, which then cannot start',
    ]);
  });

  test('one whose addresses were given out again is a conflict: by the journal, or by Docker where there is none', () => {
    const text =
      'NetworkCreate jaco_shop_back: Error response from daemon: Pool overlaps with other one on this address space';
    const bridgeFailed = { 'shop-web-0': { atMs: NOW - 5 * SECOND, text, network: 'back' } };
    for (const lines of [{ seen: true, bridgeFailed }, { seen: false }]) {
      const told = row('containers', { rows: [unreported()], containers: [created], networks: [left], lines });
      expect(brief(told)).toBe('fail network_conflict:left-behind jaco_old_back');
      expect(told?.findings[0]).toMatchObject({ node: 'jaco-1', values: { network: 'jaco_old_back' } });
    }
  });

  test('a network that was only taken away by hand accuses no other', () => {
    const told = row('containers', {
      rows: [unreported()],
      containers: [created],
      networks: [left],
      lines: { seen: true },
    });
    expect(brief(told)).toBe('pass');
  });

  test('somebody else’s network in the pool is a note, and a conflict where one cannot be made', () => {
    const foreign = network('compose_default', '10.244.0.0/16', null);
    expect(words(row('containers', { networks: [foreign] }))).toMatch(
      /compose_default \(10\.244\.0\.0\/16\) is not JACO’s and lies in its pool/,
    );
    const told = row('containers', { rows: [unreported()], containers: [created], networks: [foreign] });
    expect(brief(told)).toBe('fail network_conflict:foreign-addresses compose_default');
    expect(brief(row('containers', { networks: [network('bridge', '172.17.0.0/16', null)] }))).toBe('pass');
  });

  test('somebody else’s network under JACO’s name takes its containers in', () => {
    const taken = network('jaco_shop_back', '172.30.0.0/16', null);
    const told = row('containers', { networks: [taken] });
    expect(brief(told)).toBe('fail network_conflict:foreign-name jaco_shop_back');
    expect(words(told)).toMatch(/jaco_shop-web-0 is on it, outside of the pool 10\.244\.0\.0\/16/);
  });

  test('containers of another cluster are told; those without a replica are swept', () => {
    const foreign = containerWith({}, { name: 'jaco_old-web-0', replica: 'old-web-0', clusterId: 'another' });
    const told = row('containers', { containers: [containerWith(), foreign] });
    expect(brief(told)).toBe('warn orphan_container jaco_old-web-0');
    const swept = row('containers', {
      containers: [containerWith(), containerWith({}, { name: 'jaco_x', replica: 'x' })],
    });
    expect(brief(swept)).toBe('pass');
    expect(swept?.notes).toEqual(['jaco_x (running) belongs to no replica: JACO sweeps such containers within 30 s']);
  });

  test('replicas that outlived their deployment are found without Docker, and over the network', () => {
    const rows = [unreported({ id: 'gone-a-0', deployment: 'gone' })];
    const down = failure('docker.engine', 'denied', 'connect', 'connect to /var/run/docker.sock: EACCES');
    for (const engine of [down, 'remote'] as const)
      expect(brief(row('containers', { rows, ghosts: ['gone'], engine }))).toBe('fail orphan_replica gone');
  });

  test('without the right to ask Docker what it has is not judged', () => {
    const told = row('containers', {
      engine: failure('docker.engine', 'denied', 'connect', 'connect to /var/run/docker.sock: EACCES'),
    });
    expect(brief(told)).toBe('unknown');
    expect(words(told)).toMatch(/Docker's containers: connect to .*EACCES/);
  });
});

describe('rollouts', () => {
  const event = (kind: DeploymentEvent['kind'], agoMs: number, identity = 'rollout'): DeploymentEvent => ({
    kind,
    deployment: 'shop',
    identity,
    atMs: NOW - agoMs,
  });
  const loop = [
    event('apply', 10 * MINUTE, 'local'),
    event('rollback', 3 * MINUTE),
    event('rollback', 2 * MINUTE),
    event('rollback', MINUTE),
  ];

  test('one that turns, by JACO itself', () => {
    const told = row('rollouts', { events: loop, rows: [replica({ state: 'degraded' })] });
    expect(brief(told)).toBe('fail rollout_rolled_back shop');
    expect(words(told)).toMatch(/rolled back 3 times since its last apply, about once a minute, last 60 s ago/);
  });

  test('one asked for by somebody, and one made up for since, are none', () => {
    expect(brief(row('rollouts', { events: [event('rollback', MINUTE, 'operator')] }))).toBe('pass');
    expect(brief(row('rollouts', { events: [...loop, event('apply', 10 * SECOND, 'local')] }))).toBe('pass');
    expect(brief(row('rollouts', { events: loop.map((one) => ({ ...one, deployment: 'gone' })) }))).toBe('pass');
  });

  test('a global service turns for ever and runs: a note', () => {
    const deployments = [deployment({ services: [service({ placement: 'global' as never, replicas: 0 })] })];
    const told = row('rollouts', { events: loop, deployments });
    expect(brief(told)).toBe('pass');
    expect(told?.notes[0]).toMatch(/so it goes with a global service, and all of it runs/);
    expect(brief(row('rollouts', { events: loop, deployments, rows: [replica({ state: 'failed' })] }))).toBe(
      'fail rollout_rolled_back shop',
    );
  });
});
