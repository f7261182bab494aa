import type { Finding, NotJudged } from '../../../src/engine/finding.ts';
import { isRefused, lifeOf, nameOf, type Peer, troubleOf } from '../../../src/probes/jaco/peer-answer.ts';
import type { Member } from '../../../src/probes/jaco/status-fact.ts';

/** Two of the default intervals, and three of the longest that can be set (contract 3.1, live C2), in ms. */
const FRESH_MS = 60_000;
const DEAD_MS = 900_000;

type Unreached = {
  readonly findings: readonly Finding<'node_unreachable', never>[];
  readonly notes: readonly string[];
  readonly notJudged: readonly NotJudged[];
};

/**
 * Members that an outsider cannot reach at the address the cluster lists. Their heartbeats, which reach the leader over the
 * cluster's own network, tell whether they live; a port that refuses says more than one that is silent, which a firewall
 * brings about as well. `nodes` is null where no leader is known and what is stored may be old.
 */
export function judgeUnreached(peers: readonly Peer[], nodes: readonly Member[] | null, now: number): Unreached {
  const findings: Unreached['findings'][number][] = [];
  const notes: string[] = [];
  const notJudged: NotJudged[] = [];
  for (const peer of peers.filter((one) => lifeOf(one) === 'unreached')) {
    const subject = nameOf(peer);
    const met = `from here: ${troubleOf(peer)}`;
    const beat = nodes?.find((node) => node.hostname === subject)?.lastPressureAtMs ?? null;
    const age = beat === null ? null : now - beat;
    const said = age === null ? 'no heartbeat tells whether it lives' : `its last heartbeat is ${seconds(age)} s old`;
    const refused = isRefused(peer);
    const dead = refused ? nodes === null || (age !== null && age > FRESH_MS) : age !== null && age > DEAD_MS;
    if (dead)
      findings.push({
        id: 'node_unreachable',
        subject,
        evidence: [`${subject}, ${met}`, ...(age === null ? [] : [said])],
        cause: refused ? 'refused' : 'silent-host',
        values: { address: peer.grpcAddress },
      });
    else if (!refused && age !== null && age <= FRESH_MS)
      notes.push(`${subject} lives: ${said}. It does not answer ${met}`);
    else notJudged.push({ subject, reason: `it does not answer ${met}; ${said}` });
  }
  return { findings, notes, notJudged };
}

function seconds(ms: number): string {
  return String(Math.round(ms / 1000));
}
