import type { Finding, NotJudged } from '../../../src/engine/finding.ts';
import { formatSeconds } from '../../../src/engine/format.ts';
import type { NextStep } from '../../../src/engine/next-step.ts';
import type { ClusterStatus, Member } from '../../../src/probes/jaco/control/status-fact.ts';
import type { LocalNode } from '../../../src/probes/jaco/raft/local-node.ts';
import { ownershipOf } from '../../../src/probes/jaco/raft/peer-targets.ts';
import { NODE_STATUS_MS } from '../../../src/probes/jaco/timing.ts';

type CheckFinding = Finding<'heartbeat_stale' | 'clock_skew', never>;
type Beats = {
  readonly findings: readonly CheckFinding[];
  readonly evidence: readonly string[];
  readonly notes: readonly string[];
  readonly notJudged: readonly NotJudged[];
};

/**
 * A heartbeat this far in the future, in ms, is not a delay: the two clocks differ. The run's clock is the time of its
 * start, and on a slow connection a status is read up to 14 s later.
 */
export const AHEAD_MS = 15_000;

const SET_CLOCK: NextStep = {
  kind: 'do',
  text: 'Compare the clocks of both hosts with date -u, and correct the wrong one.',
};

/**
 * Judges the time stamps of members that answer. Each is from the member's own clock
 * (docs/jaco-daemon/raft.md#heartbeats).
 */
export function judgeHeartbeats(
  { nodes }: ClusterStatus,
  alive: readonly string[],
  host: LocalNode,
  now: number,
): Beats {
  const own = nodes.find((node) => ownershipOf(node, host) === 'own');
  // The entry under a renamed host's old name gets no more heartbeats. raft-membership reports the rename.
  const judgedNodes = nodes.filter(
    (node) => alive.includes(node.hostname) || (node === own && node.hostname === host.hostname),
  );
  const foreign = host.vantage === 'outside' ? localClockFault(judgedNodes, host, now) : null;
  if (foreign !== null) {
    return {
      findings: [],
      evidence: [],
      notes: [],
      notJudged: [{ subject: 'heartbeats', reason: foreign, next: SET_CLOCK }],
    };
  }
  const skewed = skews(judgedNodes, host, now);
  const off = new Set(skewed.flatMap(({ subject }) => (subject === null ? [] : [subject])));
  const hereIsOff = off.has(host.hostname);
  const old = hereIsOff ? [] : judgedNodes.filter((node) => !off.has(node.hostname) && isStale(node, host, now));
  const beating = judgedNodes.filter((node) => node.lastPressureAtMs !== null);
  // A leader writes its own heartbeat without help. If that is old as well, there was no leader until just now.
  const recovering = beating.length > 1 && old.length === beating.length;
  const stale = recovering ? [] : old;
  const fresh = judgedNodes.filter(
    (node) => node.lastPressureAtMs !== null && !old.includes(node) && !off.has(node.hostname),
  );
  const silent = judgedNodes.filter((node) => node.lastPressureAtMs === null);
  const young = stale.filter((node) => justStarted(node, host, now));
  const limit = formatSeconds(3 * intervalOf(null, host));
  const settle = formatSeconds(2 * intervalOf(null, host));
  return {
    findings: [
      ...stale
        .filter((node) => !young.includes(node))
        .map((node): CheckFinding => {
          const own = node.hostname === host.hostname;
          const evidence = [
            `${node.hostname} answers, and its last heartbeat is ${formatSeconds(now - (node.lastPressureAtMs ?? 0))} s old; three intervals are ${formatSeconds(3 * intervalOf(node, host))} s${own ? '' : ', unless node_status_interval is longer there than here'}`,
            ...(own
              ? []
              : [
                  'the start time of its daemon is not visible from here: after a start this is normal for two intervals',
                ]),
          ];
          const cause = own && host.startedAtMs !== null ? 'collector' : 'just-started';
          return { id: 'heartbeat_stale', subject: node.hostname, evidence, cause };
        }),
      ...skewed,
    ],
    evidence:
      fresh.length === 0
        ? []
        : [`the heartbeats of ${fresh.length} member${fresh.length === 1 ? '' : 's'} are younger than ${limit} s`],
    notes: [
      ...(recovering
        ? [
            `all heartbeats are older than ${limit} s, including the leader's own: it was elected just now, and they become fresh within two intervals`,
          ]
        : []),
      ...(silent.length === 0
        ? []
        : [
            `no heartbeat yet from ${names(silent)}: normal for ${settle} s after a start. If it continues, check that jacod can read cgroup v2 there.`,
          ]),
      ...(young.length === 0
        ? []
        : [`the last heartbeat of ${names(young)} is from before its start: normal for ${settle} s after a start`]),
    ],
    notJudged: [],
  };
}

/**
 * Why heartbeat ages cannot be judged on a machine that is not a member: its clock differs from every member's clock.
 * Null if one of them agrees with it.
 */
function localClockFault(nodes: readonly Member[], { heartbeatMs }: LocalNode, now: number): string | null {
  const ages = nodes.flatMap((node) => (node.lastPressureAtMs === null ? [] : [now - node.lastPressureAtMs]));
  if (ages.length === 0) return null;
  const [least, most] = [Math.min(...ages), Math.max(...ages)];
  if (most < -AHEAD_MS)
    return `the heartbeats of all ${ages.length} members are at least ${formatSeconds(-most)} s in this machine's future, so its clock is behind`;
  return least > 3 * heartbeatMs
    ? `the heartbeats of all ${ages.length} members are at least ${formatSeconds(least)} s old: this machine's clock is ahead, or a leader was elected just now`
    : null;
}

/**
 * The heartbeat interval of a node. Another node may use the default while this host's is shorter. Null for the
 * longest.
 */
function intervalOf(node: Member | null, { hostname, heartbeatMs }: LocalNode): number {
  return node?.hostname === hostname ? heartbeatMs : Math.max(heartbeatMs, NODE_STATUS_MS);
}

function isStale(node: Member, host: LocalNode, now: number): boolean {
  return node.lastPressureAtMs !== null && now - node.lastPressureAtMs > 3 * intervalOf(node, host);
}

/**
 * The first value comes after two intervals (docs/jaco-daemon/raft.md#heartbeats); one more is its way to the leader.
 */
function justStarted(node: Member, host: LocalNode, now: number): boolean {
  const since = node.hostname === host.hostname ? host.startedAtMs : node.joinedAtMs;
  return since !== null && now - since >= 0 && now - since < 3 * intervalOf(node, host);
}

/** Clocks that cannot both be right: heartbeats from the future, or from before the node joined. */
function skews(nodes: readonly Member[], host: LocalNode, now: number): readonly CheckFinding[] {
  const ahead = nodes.filter((node) => node.lastPressureAtMs !== null && node.lastPressureAtMs - now > AHEAD_MS);
  const peersWithBeat = nodes.filter((node) => node.hostname !== host.hostname && node.lastPressureAtMs !== null);
  const peersAhead = ahead.filter((node) => node.hostname !== host.hostname);
  // If two or more members agree against this host, they are right.
  if (host.vantage === 'node' && peersAhead.length >= 2 && peersAhead.length === peersWithBeat.length) {
    const least = Math.min(...peersAhead.map((node) => (node.lastPressureAtMs ?? 0) - now));
    const evidence = [
      `the heartbeats of all ${peersAhead.length} other members are at least ${formatSeconds(least)} s in this host's future`,
    ];
    return [
      {
        id: 'clock_skew',
        subject: host.hostname,
        evidence,
        values: { skew: `at least ${formatSeconds(least)} s behind` },
      },
    ];
  }
  const behind = nodes.filter(
    (node) =>
      node.lastPressureAtMs !== null && node.joinedAtMs !== null && node.joinedAtMs - node.lastPressureAtMs > AHEAD_MS,
  );
  return [
    ...ahead.map((node): CheckFinding => {
      const by = formatSeconds((node.lastPressureAtMs ?? 0) - now);
      return {
        id: 'clock_skew',
        subject: node.hostname,
        evidence: [`the last heartbeat of ${node.hostname} is ${by} s in this host's future`],
        values: { skew: `${by} s against this host` },
      };
    }),
    ...behind.map((node): CheckFinding => {
      const by = formatSeconds((node.joinedAtMs ?? 0) - (node.lastPressureAtMs ?? 0));
      return {
        id: 'clock_skew',
        subject: node.hostname,
        evidence: [`the last heartbeat of ${node.hostname} is ${by} s older than its join`],
        values: { skew: `at least ${by} s behind` },
      };
    }),
  ];
}

function names(nodes: readonly Member[]): string {
  return (
    nodes
      .slice(0, 10)
      .map((node) => node.hostname)
      .join(', ') + (nodes.length > 10 ? ` and ${nodes.length - 10} more` : '')
  );
}
