import type { Finding, NotJudged } from '../../../src/engine/finding.ts';
import { formatSeconds } from '../../../src/engine/format.ts';
import type { Member } from '../../../src/probes/jaco/control/status-fact.ts';
import {
  describePeerFailure,
  isRefused,
  livenessOf,
  type Peer,
  peerName,
} from '../../../src/probes/jaco/raft/peer-answer.ts';
import { MAX_NODE_STATUS_MS, NODE_STATUS_MS } from '../../../src/probes/jaco/timing.ts';
import { AHEAD_MS } from './judge-heartbeats.ts';

type Unreached = {
  readonly findings: readonly Finding<'node_unreachable', never>[];
  readonly notes: readonly string[];
  readonly notJudged: readonly NotJudged[];
  /** Members whose heartbeat shows that they are running. */
  readonly living: readonly string[];
};

/**
 * Members that cannot be reached from outside at the address that the cluster lists. Their heartbeats, which reach the
 * leader over the cluster's own network, show whether they are running. A refused connection says more than silence,
 * which a firewall causes too. `nodes` is null if no leader is known, because stored state may be old. `alive` are
 * those that answer; their heartbeats show how far to trust this machine's clock.
 */
export function judgeUnreached(
  peers: readonly Peer[],
  nodes: readonly Member[] | null,
  alive: readonly string[],
  now: number,
): Unreached {
  const beats = (nodes ?? []).flatMap((node) => (alive.includes(node.hostname) ? (node.lastPressureAtMs ?? []) : []));
  const newest = Math.max(...beats);
  const isRight = beats.some((beat) => now - beat >= -AHEAD_MS && now - beat <= 2 * NODE_STATUS_MS);
  const findings: Unreached['findings'][number][] = [];
  const notes: string[] = [];
  const notJudged: NotJudged[] = [];
  const living: string[] = [];
  for (const peer of peers.filter((one) => livenessOf(one) === 'unreached')) {
    const subject = peerName(peer);
    const failure = `from here: ${describePeerFailure(peer)}`;
    const beat = nodes?.find((node) => node.hostname === subject)?.lastPressureAtMs ?? null;
    const age = beat === null ? null : now - beat;
    // If this machine's clock is ahead, every heartbeat is old. One that has stopped is also older than those of the
    // others.
    const surely = age === null || beat === null ? null : Math.min(age, newest - beat);
    const refused = isRefused(peer);
    const dead = refused
      ? nodes === null || (surely !== null && surely > 2 * NODE_STATUS_MS)
      : surely !== null && surely > 3 * MAX_NODE_STATUS_MS;
    const heartbeatAge = describeAge(age);
    if (dead)
      findings.push({
        id: 'node_unreachable',
        subject,
        evidence: [`${subject}, ${failure}`, ...(age === null ? [] : [heartbeatAge])],
        cause: refused ? 'refused' : 'silent-host',
        values: { address: peer.grpcAddress },
      });
    else if (!refused && isRight && age !== null && age >= -AHEAD_MS && age <= 2 * NODE_STATUS_MS) {
      living.push(subject);
      notes.push(`${subject} is running: ${heartbeatAge}. It does not answer ${failure}`);
    } else {
      const clock =
        age === null || isRight ? '' : ", but by this machine's clock neither is that of any member that answers";
      notJudged.push({
        subject,
        reason: `it does not answer ${failure}; ${heartbeatAge}${clock}`,
        next: { kind: 'on-node', node: subject },
      });
    }
  }
  return { findings, notes, notJudged, living };
}

function describeAge(age: number | null): string {
  if (age === null) return 'no heartbeat shows whether it is running';
  return age < 0
    ? `its last heartbeat is ${formatSeconds(-age)} s in this machine's future`
    : `its last heartbeat is ${formatSeconds(age)} s old`;
}
