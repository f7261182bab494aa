import { value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { compareText } from '../../../engine/text.ts';
import { type Servers, servers } from '../control/servers.ts';
import type { ClusterStatus, Member } from '../control/status-fact.ts';
import { type RaftLines, raftLines } from '../journal/raft-lines.ts';
import { type LocalNode, localNode } from './local-node.ts';
import { stableStatus } from './stable-status.ts';

/** A node to ask. */
export type PeerTarget = {
  /** Null if only an address is known. */
  readonly hostname: string | null;
  readonly grpcAddress: string;
  /** Set if the operator port is not listed, and this node's own port is tried at the peer's raft host. */
  readonly guessed: boolean;
  readonly raftAddress: string | null;
  /** Whether it has a vote, as far as this node knows. */
  readonly voter: boolean | null;
  /** The list has it under this host's own name, at an address that is not this host's. */
  readonly rival: boolean;
  /**
   * How it is reached: by another member over the cluster's own network; from outside at an address that the user gave;
   * or from outside at the address that the cluster lists, which may be unreachable from there.
   */
  readonly by: 'member' | 'given' | 'listed';
};

export type PeerTargets = {
  readonly targets: readonly PeerTarget[];
  /** Known nodes that were not asked, because there are too many. */
  readonly omitted: number;
};

/** Most nodes that are asked. */
const MAX_TARGETS = 64;

/** The other members of this cluster, as this node knows them; voters first. */
export const peerTargets = derive({
  name: 'jaco.peer-targets',
  from: { settled: stableStatus, host: localNode, lines: raftLines, servers: attempt(servers) },
  derive: ({ settled, host, lines, servers: asked }) =>
    value(targetsOf(settled.last, host, lines, asked.kind === 'value' ? asked.value : null)),
});

export function targetsOf(
  status: ClusterStatus,
  host: LocalNode,
  lines: RaftLines,
  asked: Servers | null = null,
): PeerTargets {
  const known = [...fromMembers(status, host), ...fromLog(status, host, lines)];
  const knownTargets = known.length === 0 && status.initialized ? fromJoin(host) : known;
  const targets = asked === null ? knownTargets : withGiven(knownTargets, asked);
  const order = (target: PeerTarget): number => (target.voter === true ? 0 : target.voter === null ? 1 : 2);
  const sorted = targets.toSorted(
    (a, b) => order(a) - order(b) || compareText(a.hostname ?? a.grpcAddress, b.hostname ?? b.grpcAddress),
  );
  return { targets: sorted.slice(0, MAX_TARGETS), omitted: Math.max(0, sorted.length - MAX_TARGETS) + status.omitted };
}

type NamedServer = Servers['servers'][number];

/**
 * Matches given servers to the members that they are. A server that is not a member is asked as well. If several
 * addresses of one member are given, one that answers counts.
 */
function withGiven(listed: readonly PeerTarget[], { servers: asked, lead }: Servers): readonly PeerTarget[] {
  const first = asked.find(({ address }) => address === lead?.address);
  const others = asked.filter((server) => server !== first && !(first !== undefined && isAgain(server, first)));
  const isServer = (target: PeerTarget, server: NamedServer): boolean =>
    server.address === target.grpcAddress || (server.hostname !== null && server.hostname === target.hostname);
  const unlisted = others.filter((server) => !listed.some((target) => isServer(target, server)));
  return [
    ...listed.map((target): PeerTarget => {
      const matching = others.filter((one) => isServer(target, one));
      const server = matching.find(({ answer }) => answer.kind === 'status') ?? matching[0];
      return server === undefined
        ? { ...target, by: 'listed' }
        : { ...target, grpcAddress: server.address, guessed: false, by: 'given' };
    }),
    ...unlisted.map(({ address, hostname }): PeerTarget => {
      return {
        hostname,
        grpcAddress: address,
        guessed: false,
        raftAddress: null,
        voter: null,
        rival: false,
        by: 'given',
      };
    }),
  ];
}

/**
 * Whether a server is the same daemon at another address, as far as that is visible. One that does not answer adds
 * nothing.
 */
function isAgain(server: NamedServer, first: NamedServer): boolean {
  if (server.hello?.kind === 'hello' && first.hello?.kind === 'hello')
    return server.hello.leaf.fingerprint === first.hello.leaf.fingerprint;
  return server.hostname !== null && server.hostname === first.hostname;
}

/** Whether an entry of the member list is this host's own; `rival` is its name at another address. */
export function ownershipOf(
  node: Pick<Member, 'hostname' | 'address'> & Partial<Pick<Member, 'grpcAddress'>>,
  host: LocalNode,
): 'own' | 'rival' | 'other' {
  const here = host.raftAddress !== null && node.address === host.raftAddress;
  if (node.hostname === host.hostname) {
    // A changed cluster_addr leaves the operator address unchanged.
    const same = here || (host.grpcAddress !== null && node.grpcAddress === host.grpcAddress);
    return same || host.raftAddress === null ? 'own' : 'rival';
  }
  // The entry with the former name of this host.
  return here || (host.certificates?.includes(node.hostname) === true && !host.certificates.includes(host.hostname))
    ? 'own'
    : 'other';
}

function fromMembers({ nodes, suffrages }: ClusterStatus, host: LocalNode): readonly PeerTarget[] {
  const votes = new Map(suffrages.map(({ hostname, kind }) => [hostname, kind === 'voter']));
  return nodes.flatMap((node) => {
    const ownership = ownershipOf(node, host);
    if (ownership === 'own') return [];
    const guessed = node.grpcAddress === '';
    const target = {
      hostname: node.hostname,
      grpcAddress: guessed ? guess(node.address, host) : node.grpcAddress,
      guessed,
      raftAddress: node.address,
      voter: votes.get(node.hostname) ?? null,
      rival: ownership === 'rival',
      by: 'member' as const,
    };
    return [target];
  });
}

/** Servers that only raft's log names. If a leader is known, the member list is newer than the log. */
function fromLog(
  { nodes, leader, initialized }: ClusterStatus,
  host: LocalNode,
  lines: RaftLines,
): readonly PeerTarget[] {
  if (!initialized || leader !== '') return [];
  const listed = new Set(nodes.map((node) => node.hostname));
  const servers = lines.configuration?.servers ?? [];
  return servers
    .filter((server) => !listed.has(server.hostname) && ownershipOf(server, host) === 'other')
    .map(({ hostname, address, voter }) => ({ ...atRaft(address, host), hostname, voter }));
}

function fromJoin(host: LocalNode): readonly PeerTarget[] {
  return (host.joinPeers ?? [])
    .filter((address) => address !== host.raftAddress)
    .map((address) => atRaft(address, host));
}

function atRaft(raftAddress: string, host: LocalNode): PeerTarget {
  return {
    hostname: null,
    grpcAddress: guess(raftAddress, host),
    guessed: true,
    raftAddress,
    voter: null,
    rival: false,
    by: 'member',
  };
}

/**
 * Guesses the operator port, which is nearly always the same on all nodes. Empty if that would be this daemon itself.
 */
function guess(raftAddress: string, host: LocalNode): string {
  const address = raftAddress.replace(/:\d+$/, `:${host.grpcPort}`);
  return address === host.grpcAddress ? '' : address;
}
