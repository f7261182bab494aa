import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jaco } from '../../checks/jaco.ts';
import { buildReport } from '../../src/cli/build-report.ts';
import { examine } from '../../src/cli/jaco/demo.ts';
import { type Cluster, startCluster } from '../../src/demo/jaco/cluster.ts';
import { CLUSTER_ID } from '../../src/demo/jaco/healthy-cluster.ts';
import { clearReport, deploy, removeContainer, replicaRow, type Service } from '../../src/demo/jaco/workload.ts';
import type { Report } from '../../src/report/report.ts';
import { ReplicaState } from '../../src/wire/jaco.ts';
import { RealEngine } from './docker/engine.ts';
import { until } from './shell.ts';

// JACO is the stand-in; containers, networks, events, logs and health are those of a real engine.
let engine: RealEngine;
let cluster: Cluster;
beforeAll(async () => {
  engine = await RealEngine.start();
});
afterAll(() => engine?.close());
beforeEach(async () => {
  cluster = await startCluster({ nodes: 1 });
});
afterEach(async () => {
  await cluster.close();
  await engine.clear();
});

const IMAGE = 'test/busybox:1';

/** A deployment in the stand-in of which nothing is running yet. */
function placed(service: Service = { name: 'app' }, appliedAt?: number): void {
  deploy(cluster, 'shop', [{ image: IMAGE, ...service }], appliedAt);
  removeContainer(cluster, 'shop-app-0');
}

/** The labels and the name server that JACO gives to each container. */
const OPTIONS = (given: Record<string, string> = {}) => [
  '--dns',
  '10.244.0.1',
  ...Object.entries({
    'jaco.cluster_id': CLUSTER_ID,
    'jaco.deployment': 'shop',
    'jaco.service': 'app',
    'jaco.replica_id': 'shop-app-0',
    'jaco.replica_index': '0',
    'jaco.raft_index': '40',
    ...given,
  }).flatMap(([name, value]) => ['--label', `${name}=${value}`]),
];

/** The container of shop-app-0 as JACO creates it; `more` are options, `command` is what runs in it. */
async function container(
  command: readonly string[],
  more: readonly string[] = [],
  verb: 'run' | 'create' = 'run',
): Promise<string> {
  await engine.docker(
    [
      'network',
      'create',
      '--subnet',
      '10.244.0.0/24',
      '--label',
      'jaco.deployment=shop',
      '--label',
      'jaco.network=back',
      '--label',
      `jaco.cluster_id=${CLUSTER_ID}`,
      'jaco_shop_back',
    ],
    true,
  );
  const words = [...OPTIONS(), '--name', 'jaco_shop-app-0', '--network', 'jaco_shop_back', ...more, IMAGE, ...command];
  return engine.docker([verb, ...(verb === 'run' ? ['-d'] : []), ...words], true);
}

async function inspect(format: string): Promise<string> {
  return engine.docker(['inspect', '--format', format, 'jaco_shop-app-0'], true);
}

/** One exit is not a loop: starts the container as JACO does, and waits until it has ended once more. */
async function endAgain(): Promise<void> {
  await engine.docker(['start', 'jaco_shop-app-0']);
  await until('it ended again', isIn('exited'));
}

const isIn = (state: string) => async () => (await inspect('{{.State.Status}}')) === state;

async function doctor(): Promise<Report & { readonly ms: number }> {
  const begun = performance.now();
  const recording = await examine(jaco, cluster.node(1), undefined, engine.socket);
  return { ...(await buildReport(jaco, recording)), ms: Math.round(performance.now() - begun) };
}

type Expected = {
  readonly first: string | null;
  readonly because?: RegExp;
  readonly note?: RegExp;
  readonly warned?: string;
};

/** Checks the first id of a report, and its reason. */
async function says(what: string, { first, because, note, warned }: Expected): Promise<Report> {
  const report = await doctor();
  const found = report.checks.flatMap((check) => check.findings);
  console.log(`${what}: ${report.first ?? warned ?? 'nothing'}, ${report.ms} ms`);
  const shown = JSON.stringify(
    report.checks
      .filter(({ status, notes }) => status !== 'pass' || notes.length > 0)
      .map(({ name, status, reason, findings, notes }) => ({ name, status, reason, findings, notes })),
    null,
    1,
  );
  expect(report.first, shown).toBe(first);
  if (because)
    expect(
      found
        .filter(({ id }) => id === (first ?? warned))
        .flatMap(({ evidence }) => evidence)
        .join('\n'),
    ).toMatch(because);
  if (note) expect(report.checks.flatMap(({ notes }) => notes).join('\n')).toMatch(note);
  if (warned) expect(found.map(({ id }) => id)).toContain(warned);
  if (first === null && !warned) expect(found, shown).toEqual([]);
  return report;
}

describe('containers of a real engine', () => {
  it('one that runs', async () => {
    placed();
    await container([]);
    const report = await says('healthy', { first: null });
    expect(report.checks.find(({ name }) => name === 'replicas')?.evidence).toContain(
      '1 of them on this node demo-1, as Docker reports',
    );
  });

  it('one that ends with 3, and is started again as JACO does', async () => {
    placed();
    await container(['sh', '-c', 'echo cannot open the database; echo token=abcdef0123456789; exit 3']);
    await until('it ended', isIn('exited'));
    await endAgain();
    await endAgain();
    const report = await says('exit loop', {
      first: 'container_exited',
      because:
        /status 3[\s\S]*it exited 3 times[\s\S]*its last output: .*cannot open the database \| token=\[redacted\]/,
    });
    expect(JSON.stringify(report)).not.toContain('abcdef0123456789');
  });

  it('one that lives for a second, seen while it runs and JACO reports RUNNING', async () => {
    placed();
    await container(['sh', '-c', 'sleep 1; exit 7']);
    await until('it ended', isIn('exited'));
    await endAgain();
    await engine.docker(['start', 'jaco_shop-app-0']);
    await says('exit loop, running', { first: 'container_exited', because: /status 7/ });
  });

  it('one that was killed for lack of memory', async () => {
    placed();
    await container(['sh', '-c', 'a=x; while :; do a=$a$a; done'], ['--memory', '20m']);
    await until('it ended', isIn('exited'));
    await endAgain();
    await says('out of memory', {
      first: 'container_exited',
      because: /status 137[\s\S]*ran out of memory/,
    });
  });

  it('one whose command is not in the image', async () => {
    placed();
    clearReport(cluster, 'shop-app-0');
    await container(['/no/such/program']);
    await says('bad command', {
      first: 'replica_not_started',
      because: /Docker could not start it: .*\/no\/such\/program.*no such file or directory/,
    });
  });

  it('one whose network was removed before it started', async () => {
    placed();
    clearReport(cluster, 'shop-app-0');
    await container([], [], 'create');
    await engine.docker(['network', 'rm', 'jaco_shop_back']);
    await engine.docker(['start', 'jaco_shop-app-0'], true);
    await says('lost network', { first: 'replica_not_started', because: /network [0-9a-z_]+ not found/ });
  });

  it('one whose addresses a network of a deleted deployment holds', async () => {
    placed();
    clearReport(cluster, 'shop-app-0');
    await engine.docker([
      'network',
      'create',
      '--subnet',
      '10.244.0.0/24',
      '--label',
      'jaco.deployment=old',
      '--label',
      'jaco.network=back',
      '--label',
      `jaco.cluster_id=${CLUSTER_ID}`,
      'jaco_old_back',
    ]);
    // The real engine refuses the network, as it does for JACO.
    expect(await engine.docker(['network', 'create', '--subnet', '10.244.0.0/24', 'jaco_shop_back'], true)).toBe('');
    await engine.docker(
      ['create', ...OPTIONS(), '--name', 'jaco_shop-app-0', '--network', 'jaco_shop_back', IMAGE],
      true,
    );
    await engine.docker(['start', 'jaco_shop-app-0'], true);
    const report = await says('network left behind', {
      first: 'network_conflict',
      because: /jaco_old_back \(10\.244\.0\.0\/24\) is left over from the deleted deployment old/,
    });
    const steps = report.checks
      .flatMap(({ findings }) => findings)
      .find(({ id }) => id === 'network_conflict')
      ?.fix.at(-1);
    expect(steps?.run).toEqual(['docker', 'network', 'rm', 'jaco_old_back']);
    await engine.docker((steps?.run ?? []).slice(1));
    await engine.docker(['rm', 'jaco_shop-app-0']);
    await container([]);
    Object.assign(replicaRow(cluster, 'shop-app-0'), { state: ReplicaState.RUNNING });
    await says('network left behind, after the printed step', { first: null });
  });

  it('one whose health check fails, and one within its start period', async () => {
    placed({ name: 'app', healthcheck: true });
    Object.assign(replicaRow(cluster, 'shop-app-0'), { state: ReplicaState.DEGRADED });
    await container(
      [],
      ['--health-cmd', 'echo no database at 10.0.0.5; exit 1', '--health-interval', '200ms', '--health-retries', '2'],
    );
    await until('it is unhealthy', async () => (await inspect('{{.State.Health.Status}}')) === 'unhealthy');
    await says('unhealthy', {
      first: 'replica_unhealthy',
      because: /its health check reports: no database at 10\.0\.0\.5/,
    });
    await engine.docker(['rm', '-f', 'jaco_shop-app-0']);
    Object.assign(replicaRow(cluster, 'shop-app-0'), { state: ReplicaState.PENDING });
    await container([], ['--health-cmd', 'false', '--health-interval', '200ms', '--health-start-period', '90s']);
    await says('start period', { first: null, note: /its start period is 90 s/ });
  });

  it('one that was stopped, started again, or removed manually a moment ago', async () => {
    placed();
    await container([]);
    await engine.docker(['stop', '-t', '1', 'jaco_shop-app-0']);
    await says('stopped by hand', { first: null, note: /was stopped by an external command/ });
    await engine.docker(['restart', '-t', '1', 'jaco_shop-app-0']);
    await says('restarted by hand', { first: null });
    await engine.docker(['rm', '-f', 'jaco_shop-app-0']);
    Object.assign(replicaRow(cluster, 'shop-app-0'), {
      state: ReplicaState.FAILED,
      code: 'inspect_failed',
      message: 'No such container',
    });
    await says('taken away by hand', { first: null, note: /was removed .* ago; JACO creates a new one/ });
  });

  it('one that was never made, for its image is not here and is not to be pulled', async () => {
    placed({ name: 'app', image: 'lab/nosuch:9', compose: '    pull_policy: never\n' });
    clearReport(cluster, 'shop-app-0');
    await says('image not here', {
      first: 'replica_not_started',
      because: /Docker has no image lab\/nosuch:9 on this node/,
    });
  });

  it('one of another cluster, and a foreign network in the pool', async () => {
    placed();
    await container([]);
    await engine.docker([
      'run',
      '-d',
      '--name',
      'jaco_old-app-0',
      ...OPTIONS({ 'jaco.cluster_id': 'another', 'jaco.replica_id': 'old-app-0' }),
      IMAGE,
    ]);
    await engine.docker(['network', 'create', '--subnet', '10.244.77.0/24', 'jaco_look_alike']);
    await says('left of another cluster', {
      first: null,
      warned: 'orphan_container',
      note: /jaco_look_alike \(10\.244\.77\.0\/24\) is not a network of JACO, but is inside its pool/,
    });
  });

  it('one whose log cannot be read', async () => {
    placed();
    await container(['sh', '-c', 'echo x; exit 1'], ['--log-driver', 'none']);
    await until('it ended', isIn('exited'));
    await endAgain();
    await says('no log', { first: 'container_exited', because: /status 1/ });
  });
});

describe('a real engine', () => {
  it('that was stopped, killed, frozen', async () => {
    placed();
    await container([]);
    await engine.signal('STOP');
    await says('frozen', { first: 'docker_error', because: /connected, then no answer within 1500 ms/ });
    await engine.signal('CONT');
    await says('frozen no more', { first: null });
    await engine.signal('TERM');
    await says('stopped', { first: 'docker_error', because: /ENOENT|ECONNREFUSED/ });
    await engine.begin();
    await engine.docker(['start', 'jaco_shop-app-0']);
    await engine.signal('KILL');
    await says('killed', { first: 'docker_error', because: /ECONNREFUSED/ });
    await engine.begin();
  });

  it('whose directory has no space left', async () => {
    // Space belongs to a file system: a file system of 2 MiB covers the engine's folder for a moment, and is filled.
    placed();
    await container([]);
    const root = join(engine.folder, 'data');
    mkdirSync(root, { recursive: true });
    const sh = (line: string) =>
      expect(spawnSync('bash', ['-euc', line], { encoding: 'utf8' })).toMatchObject({ status: 0 });
    sh(`mount -t tmpfs -o size=2m tmpfs ${root}; head -c 3m /dev/zero > ${root}/fill 2>/dev/null || true`);
    try {
      await says('no room', { first: 'docker_error', because: /of 2\.0 MiB free/ });
    } finally {
      sh(`umount -l ${root}`);
    }
  });

  it('with 50 containers and 20 networks is asked in time', { timeout: 240_000 }, async () => {
    const services = Array.from({ length: 50 }, (_, index) => ({ name: `s${index}`, image: IMAGE }));
    deploy(cluster, 'big', services);
    for (const { name } of services) removeContainer(cluster, `big-${name}-0`);
    for (let index = 0; index < 20; index++)
      await engine.docker([
        'network',
        'create',
        '--subnet',
        `10.244.${index}.0/24`,
        '--label',
        'jaco.deployment=big',
        '--label',
        `jaco.network=n${index}`,
        '--label',
        `jaco.cluster_id=${CLUSTER_ID}`,
        `jaco_big_n${index}`,
      ]);
    for (const [index, { name }] of services.entries()) {
      const options = OPTIONS({ 'jaco.deployment': 'big', 'jaco.service': name, 'jaco.replica_id': `big-${name}-0` });
      await engine.docker([
        'run',
        '-d',
        '--name',
        `jaco_big-${name}-0`,
        '--network',
        `jaco_big_n${index % 20}`,
        ...options,
        IMAGE,
      ]);
    }
    await doctor();
    const report = await says('50 containers, 20 networks', { first: null });
    expect(report.checks.find(({ name }) => name === 'replicas')?.evidence).toContain(
      '50 of them on this node demo-1, as Docker reports',
    );
    expect(report.durationMs).toBeGreaterThan(0);
    expect((report as unknown as { ms: number }).ms).toBeLessThan(1_500);
  });
});
