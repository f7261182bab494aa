import { describe, expect, test } from 'vitest';
import { livenessOf } from '../../../../src/probes/jaco/raft/peer-answer.ts';
import { probed, start } from './stand-in-cluster.ts';

describe('peers that are stand-in daemons', () => {
  test('a healthy cluster needs one sample, and every peer is verified', async () => {
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

  test('a peer with another certificate is asked unverified, and marked so', async () => {
    const c = await start();
    c.node(1).showCertificate('foreign');
    const { peers } = await probed(c.node(2));
    expect(peers.peers[0]).toMatchObject({ hostname: 'demo-1', answer: { kind: 'status', verified: false } });
    expect(peers.peers[0]?.tlsFault).toMatch(/self-signed|untrusted/);
  });

  test('dead, frozen and foreign peers are distinguished in time', async () => {
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

  test('what differs is asked again after a second', async () => {
    const c = await start();
    c.splitLeader();
    const { peers } = await probed(c.node(1));
    expect(peers.localAgain).toBe(c.node(1).raftAddress);
    expect(c.calls.filter((call) => call.hostname === 'demo-2')).toHaveLength(2);
    expect(c.calls.filter((call) => call.hostname === 'demo-3')).toHaveLength(1);
  });

  test('64 of 200 members are asked within a second or two', async () => {
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
