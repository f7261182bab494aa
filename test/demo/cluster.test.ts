import { spawn } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { credentials } from '@grpc/grpc-js';
import ts from 'typescript';
import { afterEach, describe, expect, it } from 'vitest';
import { clusterCa } from '../../src/demo/jaco/certificates.ts';
import { type Cluster, startCluster } from '../../src/demo/jaco/cluster.ts';
import { faults } from '../../src/demo/jaco/faults.ts';
import type { DemoNode } from '../../src/demo/jaco/node.ts';
import { withFault } from '../../src/demo/jaco/with-fault.ts';
import { deploy } from '../../src/demo/jaco/workload.ts';
import { ask, trusting } from './ask.ts';

type Status = {
  leader: string;
  initialized: boolean;
  raft_index: string;
  nodes: { hostname: string }[];
  suffrages: object[];
};
type Answer = { response?: Status; error?: { code: number; details: string } };

const STATUS = '/jaco.v1.Cluster/Status';

async function overSocket(node: DemoNode, deadlineMs = 2_000): Promise<Answer> {
  const target = `unix:${node.socketPath}`;
  return (await ask({ target, credentials: credentials.createInsecure(), path: STATUS, deadlineMs })) as Answer;
}

async function overTls(target: string, nameOverride?: string, deadlineMs = 2_000): Promise<Answer> {
  const secure = trusting(clusterCa, target);
  return (await ask({ target, credentials: secure, path: STATUS, nameOverride, deadlineMs })) as Answer;
}

/** Asks again until it holds; the limit is an upper bound, not a wait. */
async function until(holds: () => Promise<boolean>, limitMs = 5_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('did not come true in time');
  }
}

let cluster: Cluster | undefined;
async function start(nodes = 3): Promise<Cluster> {
  cluster = await startCluster({ nodes });
  return cluster;
}
afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

describe('a healthy cluster', () => {
  it('answers on every socket and every port, by name and by address', async () => {
    const c = await start();
    const leader = c.node(1).raftAddress;
    for (const node of c.nodes) {
      const expected = { leader, initialized: true };
      expect((await overSocket(node)).response).toMatchObject(expected);
      expect((await overTls(node.grpcAddress)).response).toMatchObject(expected);
      expect((await overTls(node.grpcAddress, node.hostname)).response).toMatchObject(expected);
    }
    expect(c.calls).toHaveLength(9);
  });

  it('has the files and modes of a real node', async () => {
    const c = await start();
    const { dataDir, configPath, socketPath, hostname } = c.node(2);
    const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
    expect(mode(socketPath)).toBe('660');
    expect(lstatSync(socketPath).isSocket()).toBe(true);
    expect(mode(join(dataDir, `node/${hostname}.key`))).toBe('600');
    expect(existsSync(join(dataDir, 'raft/log.db'))).toBe(true);
    expect(JSON.parse(readFileSync(join(dataDir, 'node/join.json'), 'utf8'))).toMatchObject({
      hostname,
      peer_addrs: [c.node(1).grpcAddress],
    });
    expect(existsSync(join(c.node(1).dataDir, 'node/join.json'))).toBe(false);
    expect(readFileSync(configPath, 'utf8')).toContain(`listen_addr: ${c.node(2).grpcAddress}\n`);
  });

  it('leaves nothing behind', async () => {
    const c = await start();
    const { root } = c;
    await c.close();
    await c.close();
    expect(existsSync(root)).toBe(false);
  });
});

describe('faults of one node', () => {
  it('comes back on the same addresses after kill -9', async () => {
    const c = await start();
    const { grpcAddress, socketPath } = c.node(1);
    await c.node(1).kill();
    expect(lstatSync(socketPath).isSocket()).toBe(true);
    expect((await overSocket(c.node(1))).error?.details).toContain('ECONNREFUSED');
    expect((await overSocket(c.node(2))).response?.leader).toBe(c.node(2).raftAddress);
    await c.node(1).revive();
    expect((await overSocket(c.node(1))).response?.leader).toBe(c.node(2).raftAddress);
    expect((await overTls(grpcAddress)).response?.initialized).toBe(true);
  });

  it('is silent on new and on open connections while frozen', async () => {
    const c = await start();
    const held: Socket = connect(c.node(1).socketPath);
    await new Promise((resolve) => held.once('connect', resolve));
    c.node(1).freeze();
    expect((await overSocket(c.node(1), 200)).error?.code).toBe(4);
    expect((await overSocket(c.node(2))).response?.leader).toBe(c.node(2).raftAddress);
    c.node(1).thaw();
    expect((await overSocket(c.node(1))).response?.leader).toBe(c.node(2).raftAddress);
    held.destroy();
  });

  it.each(['reset', 'http', 'noise', 'drip'] as const)('%s', async (manner) => {
    const c = await start(1);
    const node = c.node(1);
    if (manner === 'reset') node.reset();
    else if (manner === 'drip') node.drip();
    else node.garbage(manner);
    const code = manner === 'drip' ? 4 : 14;
    expect((await overSocket(node, 300)).error?.code).toBe(code);
    expect((await overTls(node.grpcAddress, undefined, 300)).error?.code).toBe(code);
  });
});

describe('faults between nodes', () => {
  it('elects another member after an election', async () => {
    const c = await start();
    c.election(1_000);
    expect((await overSocket(c.node(1))).response).toMatchObject({ leader: '', suffrages: [] });
    await until(async () => (await overSocket(c.node(3))).response?.leader === c.node(2).raftAddress);
  });

  it('demotes the superfluous voter after a removal', async () => {
    const c = await start();
    c.removeMember(3);
    const { response } = await overSocket(c.node(1));
    expect(response?.nodes).toHaveLength(2);
    expect(response?.suffrages).toEqual([
      { hostname: 'demo-1', kind: 'VOTER' },
      { hostname: 'demo-2', kind: 'NONVOTER' },
    ]);
    expect((await overSocket(c.node(3))).response).toMatchObject({ leader: '', suffrages: [] });
    expect(c.content.audit.at(-1)?.payload).toEqual({ hostname: 'demo-3' });
  });

  it('knows no leader in two members without the voter', async () => {
    const c = await start(2);
    await c.node(1).kill();
    expect((await overSocket(c.node(2))).response).toMatchObject({ leader: '', initialized: true });
  });

  it('shows two leaders', async () => {
    const c = await start();
    c.splitLeader();
    const [one, two, three] = await Promise.all(c.nodes.map((node) => overSocket(node)));
    expect(one?.response?.leader).not.toBe(two?.response?.leader);
    expect(three?.response?.leader).toBe(one?.response?.leader);
    expect(two?.response?.suffrages).toHaveLength(3);
  });

  it('lists a thousand members that answer', async () => {
    const c = await start();
    await c.scale(1_000);
    const { response } = await overSocket(c.node(1));
    expect(response?.nodes).toHaveLength(1_000);
    const crowd = [...c.raft.members.values()].slice(3);
    for (const member of [crowd[0], crowd.at(-1)]) {
      const answer = await overTls(member?.grpcAddress ?? '', member?.hostname);
      expect(answer.response).toMatchObject({ leader: c.node(1).raftAddress, suffrages: [] });
    }
    expect(response?.suffrages.filter((it) => 'kind' in it && it.kind === 'VOTER')).toHaveLength(7);
  });

  it('gives ten thousand replicas', async () => {
    const c = await start(1);
    deploy(c, 'big', [{ name: 'web', on: Array(10_000).fill(1) }]);
    const path = '/jaco.v1.Deploy/GetReplicas';
    const target = `unix:${c.node(1).socketPath}`;
    const answer = await ask({ target, credentials: credentials.createInsecure(), path });
    expect((answer as { response: { replicas: object[] } }).response.replicas).toHaveLength(10_000);
  });
});

describe('named faults', () => {
  it('are at least fourteen of daemon and raft', () => {
    const groups = [...faults.values()].map(({ group }) => group);
    expect(groups.filter((group) => group === 'daemon' || group === 'raft').length).toBeGreaterThanOrEqual(14);
    expect(faults.get('healthy')).toMatchObject({ expects: null, warns: null });
  });

  it.each([...faults.keys()])('%s can be arranged and removed', async (name) => {
    const root = await withFault(name, async (c, node, fault) => {
      expect(node.memberName).toBe(`demo-${fault.on}`);
      expect(existsSync(node.configPath)).toBe(true);
      return c.root;
    });
    expect(existsSync(root)).toBe(false);
  });

  it('removes everything when the work fails', async () => {
    let root = '';
    const failing = withFault('healthy', async (c) => {
      root = c.root;
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    expect(existsSync(root)).toBe(false);
  });
});

describe('a signal', () => {
  it('still ends the process, after the files are removed', async () => {
    const ending = new URL('../../src/demo/close-on-signal.ts', import.meta.url);
    const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
    const source = ts.transpileModule(readFileSync(ending, 'utf8'), { compilerOptions }).outputText;
    const script = `const exports = {}; ${source}
      const dir = require('node:fs').mkdtempSync(require('node:path').join(require('node:os').tmpdir(), 'ending-'));
      exports.closeOnSignal(() => require('node:fs').rmSync(dir, { recursive: true, force: true }));
      console.log(dir); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
    const dir = await new Promise<string>((resolve) =>
      child.stdout.once('data', (data) => resolve(String(data).trim())),
    );
    expect(existsSync(dirname(dir))).toBe(true);
    expect(existsSync(dir)).toBe(true);
    child.kill('SIGINT');
    expect(await ended).toBe('SIGINT');
    expect(existsSync(dir)).toBe(false);
  });
});
