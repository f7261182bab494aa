import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { clusterCa } from '../../src/demo/jaco/certificates.ts';
import { type Cluster, startCluster } from '../../src/demo/jaco/cluster.ts';
import { type Asked, askServers, row } from './ask.ts';

let folder: string;
let ca: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'places-'));
  ca = join(folder, 'ca.crt');
  await writeFile(ca, clusterCa);
});
afterAll(() => rm(folder, { recursive: true }));

const open: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});
async function start(nodes = 3): Promise<Cluster> {
  const cluster = await startCluster({ nodes });
  open.push(cluster);
  return cluster;
}

const verified = (c: Cluster, ...servers: string[]): Promise<Asked> =>
  askServers(c, servers, { args: ['--ca-cert', ca] });
const unverified = (c: Cluster, ...servers: string[]): Promise<Asked> => askServers(c, servers, { args: [] });

/** A load balancer that passes TLS through: `to` gives the target of connection number `at`. */
async function balancer(to: (at: number) => string): Promise<string> {
  let at = 0;
  const server: Server = createServer((client) => {
    const target = new URL(`tcp://${to(at++)}`);
    const upstream = connect(Number(target.port), target.hostname);
    for (const [from, into] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on('error', () => into.destroy()).on('close', () => into.destroy());
      from.pipe(into);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(server);
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
}

describe('a load balancer in front', () => {
  // A bare connect and the handshake reach one daemon, the call and all later ones another.
  const between = (first: string, then: string) => balancer((at) => (at < 2 ? first : then));

  test('neither makes one node answer for another, nor hides the one that is cut off', async () => {
    const c = await start();
    c.partition(3);
    const [one, three] = [c.node(1).grpcAddress, c.node(3).grpcAddress];
    for (const server of [await between(one, three), await between(three, one)]) {
      const { report, code, said } = await verified(c, server);
      expect({ said, code }).toEqual({ said: [], code: 3 });
      expect(row(report, 'raft-quorum')?.reason).toMatch(
        /leads to more than one daemon.*load balancer.*: ask each daemon at its own address/,
      );
      expect(report.target.via).toMatch(/, which leads to several daemons$/);
    }
  });

  test('of which one has lost its certificate', async () => {
    const c = await start();
    await c.node(3).failResume();
    const { code, said } = await verified(c, await between(c.node(1).grpcAddress, c.node(3).grpcAddress));
    expect({ said, code }).toEqual({ said: [], code: 3 });
  });

  test('that keeps to one daemon is as good as that daemon', async () => {
    const c = await start();
    const server = await balancer(() => c.node(2).grpcAddress);
    expect(await verified(c, server)).toMatchObject({ code: 0, said: [], report: { target: { host: 'demo-2' } } });
  });
});

test('a slow network is not taken for a daemon that does not answer', { timeout: 30_000 }, async () => {
  const c = await start(1);
  const RTT = 600;
  const later = createServer((client) => {
    const target = new URL(`tcp://${c.node(1).grpcAddress}`);
    const upstream = connect(Number(target.port), target.hostname);
    for (const [from, into] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      from.on('error', () => {}).on('data', (bytes) => setTimeout(() => into.write(bytes), RTT / 2));
  });
  await new Promise<void>((resolve) => later.listen(0, '127.0.0.1', resolve));
  open.push(later);
  // The kernel connects at once on the same machine.
  const slow = join(folder, 'slow.mjs');
  await writeFile(
    slow,
    `import { Socket } from 'node:net';
const { connect } = Socket.prototype;
Socket.prototype.connect = function (...args) { setTimeout(() => connect.apply(this, args), ${RTT}); return this; };\n`,
  );
  const { report, said } = await askServers(c, [`127.0.0.1:${(later.address() as { port: number }).port}`], {
    args: ['--ca-cert', ca, '--only', 'daemon-socket', '--timeout', '20s'],
    env: { NODE_OPTIONS: `--import=${slow}` },
  });
  expect({ said, status: row(report, 'daemon-socket')?.status }).toEqual({ said: [], status: 'pass' });
});

describe('machines of another cluster, without a CA to distinguish them', () => {
  const stranger = async (): Promise<string> => {
    const other = await start(1);
    other.node(1).showCertificate('foreign');
    return other.node(1).grpcAddress;
  };

  test('given in addition to a member are not a second leader of its cluster', async () => {
    const c = await start();
    const other = await stranger();
    const { report, code, said } = await unverified(c, c.node(1).grpcAddress, other);
    expect({ said, code }).toEqual({ said: [], code: 3 });
    expect(row(report, 'node-liveness')?.notJudged).toEqual([
      expect.objectContaining({ subject: other, reason: expect.stringMatching(/not in one cluster/), blockedBy: null }),
    ]);
  });

  test('at the address that the cluster lists are not taken for the member', async () => {
    const c = await start();
    Object.assign(c.raft.members.get('demo-3') ?? {}, { grpcAddress: await stranger() });
    const { report, code, said } = await unverified(c, c.node(1).grpcAddress);
    expect({ said, code }).toEqual({ said: [], code: 3 });
    expect(row(report, 'raft-leader')?.evidence.join()).toMatch(/1 of 1 others that answer/);
  });

  test('with one: are reported by their address, because their names are those of members here', async () => {
    const c = await start();
    const other = await stranger();
    const { report, said } = await verified(c, c.node(1).grpcAddress, other);
    expect(said).toEqual([`tls_untrusted ${other}`]);
    expect(row(report, 'node-liveness')?.notJudged[0]?.subject).toBe(other);
  });
});

describe('addresses that are unreachable from here', () => {
  const NOWHERE = '127.81.0.9:7000';

  test('in addition to a reachable one of the same daemon are not a finding', async () => {
    const c = await start();
    const [one, two] = [c.node(1).grpcAddress, c.node(2).grpcAddress];
    Object.assign(c.raft.members.get('demo-1') ?? {}, { grpcAddress: NOWHERE });
    const lead = await verified(c, one, NOWHERE);
    expect({ said: lead.said, code: lead.code }).toEqual({ said: [], code: 0 });
    expect(row(lead.report, 'daemon-socket')?.evidence.join()).toMatch(`connect to ${NOWHERE}: ECONNREFUSED`);
    Object.assign(c.raft.members.get('demo-1') ?? {}, { grpcAddress: one });
    Object.assign(c.raft.members.get('demo-2') ?? {}, { grpcAddress: NOWHERE });
    expect(await verified(c, one, NOWHERE, two)).toMatchObject({ said: [], code: 0 });
  });

  test('of no member are not called a member, unless one is missing', async () => {
    const c = await start();
    const { report, said, code } = await verified(c, c.node(1).grpcAddress, NOWHERE);
    expect({ said, code }).toEqual({ said: [], code: 3 });
    expect(row(report, 'node-liveness')?.notJudged).toEqual([
      expect.objectContaining({ subject: NOWHERE, reason: expect.stringContaining(NOWHERE), blockedBy: null }),
    ]);
    Object.assign(c.raft.members.get('demo-3') ?? {}, { grpcAddress: '127.81.0.8:7000' });
    expect((await verified(c, c.node(1).grpcAddress, NOWHERE)).said).toEqual([`node_unreachable ${NOWHERE}`]);
  });
});
