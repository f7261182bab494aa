import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectSaid, findings, ids } from '../real/expect.ts';
import { until } from '../real/shell.ts';
import { Lab, realJaco, sayWhatWasNotRun } from './lab.ts';
import { IMAGE, type ServiceOf, Workloads } from './workloads.ts';

const missing = realJaco() === null;
if (missing) sayWhatWasNotRun('test/live/runtime, the doctor on real daemons with real Docker engines');

const SLEEP = ['command: [sleep, "86400"]'];

describe.skipIf(missing)('three real daemons, each with a real engine', { timeout: 240_000 }, () => {
  let lab: Lab;
  let work: Workloads;
  const applied = new Set<string>();
  const apply = (name: string, services: { readonly [service: string]: ServiceOf }): Promise<void> => {
    applied.add(name);
    return work.apply(name, services);
  };
  const remove = async (name: string, networks?: 'networks stay'): Promise<void> => {
    await work.remove([name], networks);
    applied.delete(name);
  };
  const looks: Workloads['looks'] = (...words) => work.looks(...words);
  const step: Workloads['step'] = (...words) => work.step(...words);
  const isFixed: Workloads['isFixed'] = (...words) => work.isFixed(...words);

  beforeAll(async () => {
    lab = await Lab.start({ nodes: 3, engines: true, prefix: 'lk', subnet: '10.77.0' });
    work = new Workloads(lab);
  }, 120_000);
  afterAll(() => lab?.close());
  afterEach(async () => {
    await work?.remove([...applied]);
    applied.clear();
  });

  it('run their workloads, after any action of an operator on a container', async () => {
    await apply('shop', { web: { compose: SLEEP }, api: { compose: SLEEP, on: 2 }, parked: { jaco: ['replicas: 0'] } });
    await work.until('shop-web-0', 'running');
    await work.until('shop-api-0', 'running');
    const run = await looks('healthy', {});
    expect(run.report.checks.find(({ name }) => name === 'replicas')?.evidence[0]).toMatch(/2 of 2/);
    await work.docker(1, 'restart -t 1 jaco_shop-web-0');
    await looks('restarted by hand', {});
    // JACO restarts it at its next reconcile, which may be just before the doctor's run.
    await until('the doctor sees it stopped by hand', async () => {
      await work.docker(1, 'stop -t 1 jaco_shop-web-0 || true');
      const stopped = await looks('stopped by hand', {});
      return stopped.report.checks.some(({ notes }) => /was stopped by an external command/.test(notes.join('\n')));
    });
    await until('JACO starts it again', async () => (await work.container(1, 'shop-web-0')) === 'running', 40_000);
    await work.docker(1, 'rm -f jaco_shop-web-0');
    await looks('removed by hand', { note: /was removed/ });
    await until('JACO recreates it', async () => (await work.container(1, 'shop-web-0')) === 'running', 40_000);
    await until('the doctor sees it paused', async () => {
      await work.docker(1, 'pause jaco_shop-web-0 || true');
      const paused = await looks('paused by hand', {});
      return paused.report.checks.some(({ notes }) => /shop-web-0 is paused/.test(notes.join('\n')));
    });
    await until('JACO recreates it', async () => (await work.container(1, 'shop-web-0')) === 'running', 40_000);
  });

  it('have a program that ends with 3: one end is waited for, the second is told, also while JACO calls it RUNNING', async () => {
    await apply('loop', { app: { compose: ['command: [sh, -c, "echo no database; sleep 2; exit 3"]'] } });
    await work.sees(/loop-app-0 exited with status 3/);
    await work.sees(['container_exited'], 60_000);
    const down = await looks('ends with 3', {
      first: 'container_exited',
      because: [/exit(ed .*|\s)status 3/, /no database/],
    });
    const [{ subject } = {}] = findings(down).filter(({ id }) => id === 'container_exited');
    expect(subject).toBe('loop/app');
    await until('the printed step shows how it ended', async () =>
      /^3 false 2\d{3}-/.test(await work.printed(1, step(down, 'container_exited', /docker inspect/))),
    );
    await until('it runs again', async () => (await work.container(1, 'loop-app-0')) === 'running', 40_000);
    await looks('ends with 3, and runs', { first: 'container_exited', because: [/exit(ed .*|\s)status 3/] });
    const there = await lab.doctor(2);
    console.log(`ends with 3, from another node: ${there.report.first}`);
    expect(['container_exited', 'restart_exhausted', null]).toContain(there.report.first);
    await apply('loop', { app: { compose: SLEEP } });
    await work.until('loop-app-0', 'running');
    await isFixed('ends with 3', down, 'container_exited');
  });

  it('have a program that exits with 0, and one that is killed for lack of memory', async () => {
    await apply('zero', { app: { compose: ['command: [sh, -c, "sleep 1"]'] } });
    await work.sees(['container_exited'], 60_000);
    await looks('ends with 0', { first: 'container_exited', because: [/exit(ed .*|\s)status 0/] });
    await apply('zero', { app: { compose: SLEEP } });
    await work.until('zero-app-0', 'running');
    await apply('oom', {
      app: { compose: ['command: [sh, -c, "a=x; while :; do a=$$a$$a; done"]', 'mem_limit: 20m'] },
    });
    await work.sees(['container_exited'], 60_000);
    await looks('out of memory', {
      first: 'container_exited',
      because: [/oom-app-0.*status 137/, /ran out of memory/],
    });
    await apply('oom', { app: { compose: SLEEP } });
    await work.until('oom-app-0', 'running');
  });

  it('have a command that cannot be started', async () => {
    await apply('bad', { app: { compose: ['command: [/no/such/program]'] } });
    await until('it was made', async () => (await work.container(1, 'bad-app-0')) === 'created');
    const run = await looks('no such program', {
      first: 'replica_not_started',
      because: [/no such file or directory/],
    });
    await apply('bad', { app: { compose: SLEEP } });
    await work.until('bad-app-0', 'running');
    await isFixed('no such program', run, 'replica_not_started');
    await apply('bad', { app: { compose: [...SLEEP, 'devices: ["/dev/nosuch:/dev/nosuch"]'] } });
    await until('it was made', async () => (await work.container(1, 'bad-app-0')) === 'created', 60_000);
    await looks('no such device', { first: 'replica_not_started', because: [/nosuch/] });
  });

  it('have a bind mount that does not exist: first too early to tell, then reported', async () => {
    await apply('bind', { app: { compose: [...SLEEP, 'volumes: ["/no/such/dir/file.conf:/x"]'] } });
    await work.sees(/bind-app-0/);
    await looks('no such folder, young', { note: /bind-app-0/ });
    await work.sees(['replica_not_started'], 90_000);
    await looks('no such folder', { first: 'replica_not_started', because: [/bind-app-0/] });
  });

  it('have an image that is not here, and one that no registry has', async () => {
    await apply('image', { app: { compose: SLEEP, image: 'lab/absent:9' } });
    await work.sees(['replica_not_started']);
    const run = await looks('no image', { first: 'replica_not_started', because: [/lab\/absent:9/] });
    await work.docker(1, `tag ${IMAGE} lab/absent:9`);
    await work.until('image-app-0', 'running');
    await isFixed('no image', run, 'replica_not_started');
    await remove('image');
    await apply('pull', { app: { compose: SLEEP, image: '127.0.0.1:1/lab/nosuch:9', pull: 'always' } });
    await work.sees(['image_pull_failed']);
    await looks('refused pull', { first: 'image_pull_failed', because: [/127\.0\.0\.1:1/] });
  });

  it('have an unhealthy database and its dependents; the cause leads, from any node', async () => {
    await apply('dep', {
      app: { compose: [...SLEEP, 'depends_on: {db: {condition: service_healthy}}'] },
      db: { compose: [...SLEEP, 'healthcheck: {test: [CMD, "false"], interval: 1s, retries: 2}'] },
    });
    await work.sees(['replica_unhealthy', 'depends_on_unmet']);
    const run = await looks('sick database', { first: 'replica_unhealthy' });
    expect(ids(run)).toContain('depends_on_unmet');
    await looks('sick database, from another node', { first: 'replica_unhealthy', on: 2 });
    const asked = await lab.ask(3, ['10.77.0.2:7000'], { words: ['--ca-cert', lab.ca(3)] });
    expectSaid('sick database, over the network', asked, { first: 'replica_unhealthy', exit: 1 });
    await apply('dep', {
      app: { compose: [...SLEEP, 'depends_on: {db: {condition: service_healthy}}'] },
      db: { compose: [...SLEEP, 'healthcheck: {test: [CMD, "true"], interval: 1s, retries: 2}'] },
    });
    await work.until('dep-app-0', 'running');
    await isFixed('sick database', run, 'replica_unhealthy');
  });

  it('have a start period, and a dependency cycle', async () => {
    await apply('slow', {
      app: { compose: [...SLEEP, 'healthcheck: {test: [CMD, "false"], interval: 2s, start_period: 90s}'] },
    });
    await work.sees(/its start period is 90 s/);
    await looks('start period', { note: /its start period is 90 s/ });
    await remove('slow');
    const circle = { a: { compose: [...SLEEP, 'depends_on: [b]'] }, b: { compose: [...SLEEP, 'depends_on: [a]'] } };
    await apply('round', circle);
    await work.sees(['depends_on_cycle']);
    const run = await looks('circle', { first: 'depends_on_cycle', because: [/round-a-0.*\ba\b.*\bb\b/] });
    await apply('round', { ...circle, b: { compose: SLEEP } });
    await work.until('round-a-0', 'running');
    await isFixed('circle', run, 'depends_on_cycle');
  });

  it('have more replicas than hosts, and a name with an underscore', async () => {
    await apply('many', { app: { compose: SLEEP, jaco: ['replicas: 3'] } });
    await work.sees(['deployment_pending']);
    await looks('too few hosts', { first: 'deployment_pending', because: [/eligible host/] });
    await remove('many');
    await apply('my_App', { app: { compose: SLEEP } });
    await work.sees(['deployment_name_unsafe']);
    await looks('underscore', { first: 'deployment_name_unsafe' });
  });

  it('have a conflicting network of a deleted deployment, and the printed step helps', async () => {
    await apply('first', { app: { compose: SLEEP } });
    await work.until('first-app-0', 'running');
    await remove('first', 'networks stay');
    await looks('network left behind, idle', { note: /jaco_first_net .*\bfirst\b/ });
    await apply('second', { app: { compose: SLEEP } });
    await work.sees(['network_conflict']);
    const run = await looks('network left behind', { first: 'network_conflict', because: [/jaco_first_net/] });
    await work.printed(1, step(run, 'network_conflict', /docker network rm/));
    await work.until('second-app-0', 'running');
    await isFixed('network left behind', run, 'network_conflict');
  });

  it('have a foreign network with their name, and a foreign container', async () => {
    await work.docker(1, 'network create jaco_clash_net');
    await apply('clash', { app: { compose: SLEEP } });
    await work.sees(['network_conflict']);
    const run = await looks('name taken', { first: 'network_conflict', because: [/jaco_clash_net/] });
    expect(await work.printed(1, step(run, 'network_conflict', /docker network inspect/))).toContain('jaco_clash_net');
    await remove('clash');
    await work.docker(1, 'network rm jaco_clash_net');
    await isFixed('name taken', run, 'network_conflict');
    const labels = ['cluster_id=0', 'deployment=old', 'replica_id=old-app-0', 'service=app', 'raft_index=3'];
    await work.docker(
      1,
      `run -d --name jaco_old-app-0 ${labels.map((one) => `--label jaco.${one}`).join(' ')} ${IMAGE}`,
    );
    const stray = await looks('container of another cluster', { warned: 'orphan_container' });
    await work.printed(1, step(stray, 'orphan_container', /docker rm/));
    await isFixed('container of another cluster', stray, 'orphan_container');
  });

  it('lose an engine: stopped, killed, frozen; and have it back', async () => {
    await apply('shop', { web: { compose: SLEEP } });
    await work.until('shop-web-0', 'running');
    await lab.sh('lab_engine_signal 1 STOP');
    await looks('engine frozen', { first: 'docker_error', because: [/docker\.sock|Docker/] });
    await lab.sh('lab_engine_signal 1 CONT');
    await looks('engine frozen no more', {});
    await lab.sh('lab_engine_end 1 KILL');
    const run = await looks('engine killed', { first: 'docker_error', because: [/ECONNREFUSED|ENOENT/] });
    await lab.sh('lab_engine 1');
    await work.until('shop-web-0', 'running');
    await isFixed('engine killed', run, 'docker_error');
    await lab.sh('lab_engine_end 1 TERM; lab_engine 1');
    await looks('engine restarted', {});
    await work.until('shop-web-0', 'running');
  });

  it('roll back, once, what does not become healthy', async () => {
    const sick = (interval: string): ServiceOf => ({
      compose: [...SLEEP, `healthcheck: {test: [CMD, "false"], interval: ${interval}, retries: 1}`],
    });
    await apply('roll', { app: sick('1s') });
    await work.sees(['replica_unhealthy']);
    await apply('roll', { app: sick('2s') });
    await until(
      'it is rolled back',
      async () => ids(await lab.doctor(1, ['--only', 'rollouts'])).includes('rollout_rolled_back'),
      100_000,
    );
    const run = await looks('rolled back', { first: 'replica_unhealthy' });
    expect(ids(run)).toContain('rollout_rolled_back');
  });

  it('lose a whole host, and what ran on it', async () => {
    await apply('far', { app: { compose: SLEEP, on: 3 } });
    await work.until('far-app-0', 'running');
    await lab.sh('lab_end 3 KILL; lab_engine_end 3 KILL; lab_cut 3');
    await work.sees(['node_unreachable', 'replica_stale']);
    const run = await looks('host gone', { first: 'node_unreachable', never: ['replica_not_started'] });
    console.log(
      findings(run)
        .map(({ id, likelyFollowsFrom }) => `${id} <- ${likelyFollowsFrom}`)
        .join(', '),
    );
    expect(ids(run)).toContain('replica_stale');
    await lab.sh('lab_engine 3; lab_back 3');
    await work.until('far-app-0', 'running');
    await until(
      'its replica is inspected again',
      async () => !ids(await lab.doctor(1)).includes('replica_stale'),
      60_000,
    );
  });
});
