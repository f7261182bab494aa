import { check } from '../../src/engine/check.ts';
import { type Finding, judged, pass, unknown } from '../../src/engine/finding.ts';
import { attempt } from '../../src/engine/probe.ts';
import { clusterStatus } from '../../src/probes/jaco/cluster-status.ts';
import { dataDir } from '../../src/probes/jaco/data-dir.ts';
import { knownLeader } from '../../src/probes/jaco/known-leader.ts';
import { leaderSettles } from '../../src/probes/jaco/leader-settles.ts';
import { peerStatuses } from '../../src/probes/jaco/peer-status.ts';
import { type RaftHost, raftHost } from '../../src/probes/jaco/raft-host.ts';
import { type RaftLines, raftLines } from '../../src/probes/jaco/raft-lines.ts';
import { mismatches } from '../../src/probes/jaco/settling.ts';
import { leaderView, ledViews, type Standing, standing } from '../../src/probes/jaco/standing.ts';

type Ids =
  | 'raft_resume_failed'
  | 'hostname_changed'
  | 'cluster_uninitialized'
  | 'node_not_member'
  | 'membership_mismatch'
  | 'hostname_taken';
type Found = Finding<Ids, 'leader'>;

export default check({
  name: 'raft-membership',
  group: 'raft',
  where: 'anywhere',
  title: 'this node is a member of its cluster',
  reads: {
    cluster: clusterStatus,
    settled: leaderSettles,
    host: raftHost,
    lines: raftLines,
    peers: attempt(peerStatuses),
    standing: attempt(standing),
    leader: attempt(knownLeader),
  },
  finds: [
    'raft_resume_failed',
    'hostname_changed',
    'cluster_uninitialized',
    'node_not_member',
    'membership_mismatch',
    'hostname_taken',
  ],
  judge({ settled: { last }, host, lines, peers, standing, leader }) {
    if (!last.initialized) return notTakenUp(host, lines);
    if (peers.kind === 'failed')
      return unknown(`the other nodes could not be asked: ${peers.failure.detail}`, { failure: peers.failure });
    if (standing.kind !== 'value' || peers.kind !== 'value') return unknown('the other nodes could not be asked');
    const place = standing.value;
    const view = leaderView(last, mismatches(last), ledViews(peers.value.peers));
    const own = ofPlace(place, host);
    const others = (view?.mismatches ?? []).filter(
      ({ member }) => place.kind !== 'outside-raft' || member !== host.hostname,
    );
    const findings = [
      ...(own === null ? [] : [own]),
      ...others.map(
        ({ member, kind }): Found => ({
          id: 'membership_mismatch',
          subject: member,
          evidence: [
            kind === 'raft-without-node'
              ? `raft counts ${member}, and no node is listed under that name`
              : `${member} is listed as a node, and raft does not count it`,
          ],
          cause: kind,
          values: { member },
        }),
      ),
    ];
    if (findings.length > 0) return judged(findings);
    if (place.kind === 'member') {
      const nonvoters = last.suffrages.filter((server) => server.kind === 'nonvoter').map((server) => server.hostname);
      const notes =
        nonvoters.length === 0
          ? []
          : [`${nonvoters.join(', ')} has no vote: even numbers of members keep one spare, which raft-voters judges`];
      return pass([`${host.hostname} is one of ${place.members} member${place.members === 1 ? '' : 's'}`], { notes });
    }
    const reason = 'no leader is known to this node or to any it could ask, so no list of members is the current one';
    return unknown(reason, leader.kind === 'failed' ? { failure: leader.failure } : {});
  },
});

/** The daemon says that it has no raft state: fresh, failed to resume, or kept from looking. */
function notTakenUp(host: RaftHost, lines: RaftLines) {
  const { dataDir: path, raftState, daemonShutOut } = host;
  const failure = lines.resumeFailure;
  if (failure !== null || (raftState === 'present' && daemonShutOut === null)) {
    const evidence = [
      ...(raftState === 'present'
        ? [`${path}/raft/log.db exists, and the daemon answers initialized=false`]
        : ['the daemon answers initialized=false']),
      ...(failure === null
        ? []
        : [`its log says at ${new Date(failure.atMs).toISOString()}: auto-resume failed: ${failure.text}`]),
    ];
    const cause = failure === null ? 'unknown' : causeOf(failure.text);
    return judged([
      {
        id: 'raft_resume_failed',
        subject: null,
        evidence,
        cause,
        values: { port: String(host.raftPort) },
        explains: ['leader'],
      },
    ]);
  }
  if (daemonShutOut !== null) {
    // daemon-unit finds that: the daemon looks for raft state where it may not look, and takes that for none.
    const detail = `the daemon cannot look for raft state: ${daemonShutOut}`;
    return unknown(detail, { failure: { why: 'denied', phase: 'read', detail, root: dataDir.name } });
  }
  if (raftState === 'unknown')
    return unknown(
      `the daemon answers initialized=false, and whether raft state lies here could not be looked for: ${host.raftStateWhy}`,
    );
  return judged([
    {
      id: 'cluster_uninitialized',
      subject: null,
      evidence: ['the daemon answers initialized=false', `there is no ${path}/raft/log.db`],
      explains: ['leader'],
    },
  ]);
}

const CAUSES: readonly (readonly [RegExp, string])[] = [
  [/address already in use/, 'port-busy'],
  [/cannot assign requested address/, 'address-gone'],
  [/permission denied/, 'data-dir-unreadable'],
  [/no space left/, 'disk-full'],
  [/timeout|resource temporarily unavailable/, 'lock-held'],
  [/invalid database|checksum|bolt|version mismatch|file size too small/, 'damaged-log'],
  [/hostname/, 'no-hostname'],
];

function causeOf(text: string): string {
  return CAUSES.find(([pattern]) => pattern.test(text))?.[1] ?? 'unknown';
}

/** What is wrong with this node's own place. */
function ofPlace(place: Standing, { hostname }: RaftHost): Found | null {
  const explains = ['leader'] as const;
  switch (place.kind) {
    case 'renamed': {
      const values = place.old === null ? {} : { old_hostname: place.old };
      return {
        id: 'hostname_changed',
        subject: null,
        evidence: [place.seen, `this host is called ${hostname}`],
        values,
        explains,
      };
    }
    case 'removed': {
      const who = place.tellers.slice(0, 5).join(', ');
      const evidence = [
        `${who} follows the leader ${place.leader} and does not list ${hostname}`,
        'this node knows no leader',
      ];
      return { id: 'node_not_member', subject: null, evidence, cause: 'removed', explains };
    }
    case 'outside-raft': {
      const evidence = [
        `${place.teller}, which leads, lists ${hostname} as a node, and raft there does not count it`,
        'this node knows no leader',
      ];
      return {
        id: 'membership_mismatch',
        subject: hostname,
        evidence,
        cause: 'node-without-raft',
        values: { member: hostname },
        explains,
      };
    }
    case 'newcomer': {
      const evidence = [
        'this node has a leader, a raft index of 0 and an empty list of nodes: it joined under a name that was in use',
      ];
      return { id: 'hostname_taken', subject: hostname, evidence, ...otherAddress(place.address), explains };
    }
    case 'rival': {
      const evidence = [
        `${hostname} is listed at ${place.address}, where another daemon answers; this host's raft address is ${place.own}`,
      ];
      return { id: 'hostname_taken', subject: hostname, evidence, ...otherAddress(place.address), explains };
    }
    case 'member':
    case 'unknown':
      return null;
  }
}

function otherAddress(address: string | null): Pick<Found, 'values'> {
  return address === null ? {} : { values: { other_address: address } };
}
