import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../../../../src/demo/jaco/cluster.ts';
import type { DemoNode } from '../../../../src/demo/jaco/node.ts';
import type { Outcome, Result } from '../../../../src/engine/outcome.ts';
import type { Probe } from '../../../../src/engine/probe.ts';
import { readCa } from '../../../../src/probes/jaco/control/cluster-ca.ts';
import { clusterStatus } from '../../../../src/probes/jaco/control/cluster-status.ts';
import type { ClusterStatus } from '../../../../src/probes/jaco/control/status-fact.ts';
import { NO_RAFT_LINES } from '../../../../src/probes/jaco/journal/raft-lines.ts';
import { lastRemoval } from '../../../../src/probes/jaco/raft/last-removal.ts';
import type { LocalNode } from '../../../../src/probes/jaco/raft/local-node.ts';
import { livenessOf } from '../../../../src/probes/jaco/raft/peer-answer.ts';
import { type PeerStatuses, peerStatuses } from '../../../../src/probes/jaco/raft/peer-status.ts';
import { targetsOf } from '../../../../src/probes/jaco/raft/peer-targets.ts';
import { type StableStatus, stableStatus } from '../../../../src/probes/jaco/raft/stable-status.ts';
import { hostOf } from '../../../checks/jaco/scenes/raft-scene.ts';

let cluster: Cluster | undefined;
async function start(nodes = 3): Promise<Cluster> {
  cluster = await startCluster({ nodes });
  return cluster;
}
afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

async function collect<T>(probe: Probe, facts: object, caCert: string | null = null): Promise<T> {
  const io = { settings: { socket: null, config: null, caCert, sinceMs: 0 }, phase: () => {} };
  const result: Result = await probe.collect(io as never, facts as never, new AbortController().signal);
  if (result.kind !== 'value') throw new Error(JSON.stringify(result));
  return result.value as T;
}

/** What the host facts of a stand-in's node come to. */
function hostFacts(node: DemoNode, status: ClusterStatus): LocalNode {
  const names = (folder: string): string[] => {
    try {
      return readdirSync(join(node.dataDir, folder));
    } catch {
      return [];
    }
  };
  const joinFile = names('node').includes('join.json')
    ? (JSON.parse(readFileSync(join(node.dataDir, 'node/join.json'), 'utf8')) as { peer_addrs: string[] })
    : null;
  return hostOf(node.hostname, status, {
    raftState: names('raft').includes('log.db') ? 'present' : 'absent',
    certificates: names('node').flatMap((name) =>
      name.endsWith('.crt') && name !== 'ca.crt' ? [name.slice(0, -4)] : [],
    ),
    joinPeers: joinFile?.peer_addrs ?? null,
    caPath: node.caPath,
    raftAddress: node.raftAddress,
    grpcAddress: node.grpcAddress,
    grpcPort: Number(node.grpcAddress.split(':').at(-1)),
  });
}

/** Runs the probes of group 2 against a stand-in's node. */
async function probed(node: DemoNode) {
  const endpoint = { kind: 'socket', path: node.socketPath };
  const servers = { kind: 'not-applicable', reason: '' } as const;
  const ca = await readCa(node.caPath, null);
  const status = await collect<ClusterStatus>(clusterStatus, { endpoint, servers });
  const settled = await collect<StableStatus>(stableStatus, { cluster: status, endpoint });
  const host = hostFacts(node, status);
  const targets = targetsOf(settled.last, host, NO_RAFT_LINES);
  const peers = await collect<PeerStatuses>(peerStatuses, { targets, settled, host, endpoint, ca, servers });
  const signal = new AbortController().signal;
  const removal = (await lastRemoval.collect(
    { phase: () => {} } as never,
    { settled, endpoint } as never,
    signal,
  )) as Outcome;
  return { status, settled, host, peers, removal };
}

describe('against stand-in daemons', () => {
  it('a healthy cluster costs one look, and every peer is verified', async () => {
    const c = await start();
    const { settled, peers } = await probed(c.node(2));
    expect(settled.samples).toHaveLength(1);
    expect(
      peers.peers.map((peer) => [
        peer.hostname,
        livenessOf(peer),
        peer.answer.kind === 'status' && peer.answer.verified,
      ]),
    ).toEqual([
      ['demo-1', 'answers', true],
      ['demo-3', 'answers', true],
    ]);
    expect(peers).toMatchObject({ localAgain: null });
    expect(new Set(c.calls.map((call) => call.path))).toEqual(new Set(['/jaco.v1.Cluster/Status']));
  });

  it('an election that ends is waited for, and then confirmed', async () => {
    const c = await start();
    c.election(600);
    const { settled } = await probed(c.node(3));
    expect(settled.samples[0]?.leader).toBe('');
    expect(settled.last.leader).not.toBe('');
    expect(settled.samples.filter((sample) => sample.leader !== '')).toHaveLength(2);
    expect(settled.samples.at(-1)?.atMs).toBeLessThan(3_000);
  });

  it('a peer with another certificate is asked unverified, and marked so', async () => {
    const c = await start();
    c.node(1).showCertificate('foreign');
    const { peers } = await probed(c.node(2));
    expect(peers.peers[0]).toMatchObject({ hostname: 'demo-1', answer: { kind: 'status', verified: false } });
    expect(peers.peers[0]?.tlsFault).toMatch(/self-signed|untrusted/);
  });

  it('dead, frozen and foreign peers are told apart in time', async () => {
    const c = await start(5);
    await c.node(2).kill();
    c.node(3).freeze();
    c.node(4).garbage('http');
    c.node(5).reset();
    const begun = performance.now();
    const { peers } = await probed(c.node(1));
    expect(performance.now() - begun).toBeLessThan(20_000);
    expect(Object.fromEntries(peers.peers.map((peer) => [peer.hostname, livenessOf(peer)]))).toEqual({
      'demo-2': 'dead',
      'demo-3': 'silent',
      'demo-4': 'unclear',
      'demo-5': 'unclear',
    });
  });

  it('what differs is asked again after a second', async () => {
    const c = await start();
    c.splitLeader();
    const { peers } = await probed(c.node(1));
    expect(peers.localAgain).toBe(c.node(1).raftAddress);
    expect(c.calls.filter((call) => call.hostname === 'demo-2')).toHaveLength(2);
    expect(c.calls.filter((call) => call.hostname === 'demo-3')).toHaveLength(1);
  });

  it('64 of 200 members are asked within a second or two', async () => {
    const c = await start();
    await c.scale(200);
    const warnings: string[] = [];
    const onWarning = (warning: Error): number => warnings.push(warning.message);
    process.on('warning', onWarning);
    const begun = performance.now();
    const { peers } = await probed(c.node(1));
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
    expect(peers.peers).toHaveLength(64);
    expect(peers.omitted).toBe(135);
    expect(peers.peers.every((peer) => livenessOf(peer) === 'answers')).toBe(true);
    expect(performance.now() - begun).toBeLessThan(20_000);
  });
});
