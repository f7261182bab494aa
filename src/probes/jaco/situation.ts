import { factOf, value } from '../../engine/outcome.ts';
import { attempt, derive, type Facts } from '../../engine/probe.ts';
import type { Situation } from '../../engine/situation.ts';
import { identity } from '../host/identity.ts';
import { clusterCa } from './control/cluster-ca.ts';
import { servers } from './control/servers.ts';
import type { ClusterStatus } from './control/status-fact.ts';
import { dataDir } from './daemon/data-dir.ts';
import { jacodConfig } from './daemon/jacod-config.ts';
import { socketFile } from './daemon/socket-file.ts';
import { controlSocketPath } from './daemon/socket-path.ts';
import { unit } from './daemon/unit.ts';
import { jacodVersion } from './journal/jacod-version.ts';
import { knownLeader } from './raft/known-leader.ts';
import { localNode } from './raft/local-node.ts';
import { type Quorum, quorum } from './raft/quorum.ts';
import { stableStatus } from './raft/stable-status.ts';
import { includedReleases } from './release/included-releases.ts';
import { parseVersion } from './release/parse-version.ts';
import { remoteSituation } from './remote-situation.ts';

const from = {
  identity: attempt(identity),
  unit: attempt(unit),
  config: attempt(jacodConfig),
  path: attempt(controlSocketPath),
  socket: attempt(socketFile),
  data: attempt(dataDir),
  host: attempt(localNode),
  leader: attempt(knownLeader),
  settled: attempt(stableStatus),
  quorum: attempt(quorum),
  version: attempt(jacodVersion),
  servers: attempt(servers),
  ca: attempt(clusterCa),
};

const NOT_KNOWN = { kind: 'unknown', text: '' } as const;

/** Facts for the header and the advice of a JACO run: names, paths and addresses of this host. */
export const situation = derive<Situation, typeof from>({
  name: 'jaco.situation',
  from,
  derive(facts) {
    const here = factOf(facts.identity);
    const leader = factOf(facts.leader);
    const version = factOf(facts.version);
    const running = version?.running.kind === 'known' ? version.running.version : null;
    const raftState = factOf(facts.host)?.raftState ?? 'unknown';
    const led =
      leader === null ? null : leader.hostname === null ? leader.address : `${leader.hostname} (${leader.address})`;
    const leaderless = led === null ? whyNoLeader(factOf(facts.settled)?.last ?? null) : null;
    const ca = factOf(facts.ca)?.path ?? null;
    if (facts.servers.kind !== 'not-applicable')
      return value({
        ...remoteSituation(factOf(facts.servers), leader, ca),
        leader: led,
        leaderless,
        needed: neededVoters(factOf(facts.quorum)),
        releases: includedReleases(NOT_KNOWN),
      });
    return value({
      host: here?.hostname ?? 'this host',
      via: null,
      asRoot: here?.root ?? null,
      version: running,
      leader: led,
      leaderless,
      needed: neededVoters(factOf(facts.quorum)),
      values: {
        unit: 'jaco',
        socket_unit: 'jaco.socket',
        config: factOf(facts.config)?.path ?? null,
        data_dir: factOf(facts.data)?.path ?? factOf(facts.host)?.dataDir ?? null,
        socket: factOf(facts.path)?.path ?? null,
        hostname: here?.hostname ?? null,
        leader_grpc: leader?.grpcAddress ?? null,
        leader_name: leader?.hostname ?? null,
        ca_cert: ca ?? factOf(facts.host)?.caPath ?? null,
      },
      assumed: [],
      holds: [
        leader === null ? 'no-leader' : 'leader',
        ...(here === null ? [] : [here.systemd ? 'systemd' : 'no-systemd']),
        ...(raftState === 'unknown' ? [] : [raftState === 'present' ? 'raft-state' : 'no-raft-state']),
      ],
      releases: includedReleases(running === null ? NOT_KNOWN : parseVersion(running, 'binary')),
      withhold: reasonToWithhold(raftState, leader !== null),
      nothingHere: nothingHere(facts),
    });
  },
});

/** A daemon that was not asked may have a leader, so only its own answer may say that it knows none. */
function whyNoLeader(status: ClusterStatus | null): string | null {
  if (status === null) return 'leader not checked';
  if (!status.initialized) return null;
  return status.leader === '' ? 'this node knows no leader' : `leader ${status.leader}, without its state`;
}

/** If just enough voters answer, each of them is needed. */
function neededVoters(state: Quorum | null): readonly string[] {
  return state !== null && state.basis === 'leader' && state.up.length === state.need ? state.up : [];
}

/** Steps that destroy data are withheld if this node does not know the state of its cluster. */
function reasonToWithhold(raftState: 'present' | 'absent' | 'unknown', leaderKnown: boolean): string | null {
  if (raftState === 'unknown') return 'it is unknown whether this disk has raft state';
  if (raftState === 'present' && !leaderKnown) return 'this host has raft state and knows no leader';
  return null;
}

/**
 * Whether this host has no unit, binary, configuration, data or socket, and no flag named one. What could not be read
 * may exist.
 */
function nothingHere({ unit: units, config, path, socket, data, version }: Facts<typeof from>): string | null {
  const signs = [
    factOf(path)?.from === 'given',
    units.kind === 'failed' || (factOf(units)?.service.load ?? 'not-found') !== 'not-found',
    config.kind === 'failed' || factOf(config)?.present === true || factOf(config)?.from === 'given',
    socket.kind === 'failed' || (factOf(socket)?.file.kind ?? 'absent') !== 'absent',
    data.kind === 'failed' || (factOf(data)?.seen ?? 'absent') !== 'absent',
    version.kind === 'failed' || factOf(version)?.installed.kind === 'known',
  ];
  if (signs.includes(true)) return null;
  return 'JACO is not on this host: no jaco.service, jacod, jacod.yaml, data or socket at its usual place. Run the doctor on a node, examine one with --server host:port, or name its files with --socket and --config';
}
