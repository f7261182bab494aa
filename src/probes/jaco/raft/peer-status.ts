import { setMaxListeners } from 'node:events';
import { networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { factOf, value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import { callUnary, type Trust, tcpTarget } from '../../io/grpc/grpc.ts';
import { type ConnectResult, tryConnect } from '../../io/try-connect.ts';
import { clusterCa } from '../control/cluster-ca.ts';
import { controlEndpoint, endpointOf } from '../control/control-endpoint.ts';
import { servers } from '../control/servers.ts';
import { statusFact } from '../control/status-fact.ts';
import { probe } from '../jaco-probe.ts';
import { localNode } from './local-node.ts';
import { answerOf, type Peer } from './peer-answer.ts';
import { type PeerTarget, peerTargets } from './peer-targets.ts';
import { foreignClusterAt, verifiedAnswer } from './remote-peers.ts';
import { stableStatus } from './stable-status.ts';

export type { Peer } from './peer-answer.ts';

/** The answers of the other nodes, which are asked in parallel. */
export type PeerStatuses = {
  readonly peers: readonly Peer[];
  /** Known members that were not asked. */
  readonly omitted: number;
  /** The local leader when the peers were asked again; null if they were not. */
  readonly localAgain: string | null;
};

const CONNECT_MS = 1_500;
const CALL_MS = 1_500;
/**
 * Time between a disagreement and the second sample, in ms: an isolated leader remains one for half a second
 * (docs/jaco-daemon/raft.md#elections).
 */
const AGAIN_MS = 1_000;

/**
 * Cluster.Status of the other members over TLS; it needs no token. It is verified if the CA can be read. If that fails
 * on a node, the answer is used unverified, as the daemons themselves do (docs/jaco-daemon/control.md#tls), and marked
 * so.
 */
export const peerStatuses = probe({
  name: 'jaco.peer-status',
  where: 'anywhere',
  after: {
    targets: peerTargets,
    settled: stableStatus,
    host: localNode,
    endpoint: controlEndpoint,
    ca: attempt(clusterCa),
    servers: attempt(servers),
  },
  deadlineMs: 7_000,
  async collect(io, { targets: { targets, omitted }, settled, host, endpoint, ca, servers: asked }, signal) {
    // Each call adds a listener for the end; Node would warn of a leak at the eleventh.
    setMaxListeners(0, signal);
    const [{ ClusterService }, { decodeThinStatus: decodeThin }] = await Promise.all([
      import('../../../wire/jaco.ts'),
      import('../../../wire/decode-thin-status.ts'),
    ]);
    const isOurs = (hostname: string, address: string): boolean =>
      hostname === host.hostname || address === host.raftAddress;
    const thinStatus = { ...ClusterService.status, responseDeserialize: (bytes: Buffer) => decodeThin(bytes, isOurs) };
    const pem = factOf(ca)?.pem ?? null;

    const given = factOf(asked)?.servers ?? [];
    const lead = given.find(({ address }) => endpoint.kind === 'port' && address === endpoint.address);

    const call = (address: string, trust: Trust) =>
      callUnary({ kind: 'tls', address, trust }, thinStatus, {}, { limitMs: CALL_MS, connectMs: CONNECT_MS, signal });
    const ask = async (target: PeerTarget): Promise<Peer> => {
      // Without a CA, only the key of its certificate shows whether another machine has the address here.
      const doubt = pem === null && target.by === 'listed' && lead !== undefined;
      const foreignCluster = doubt ? await foreignClusterAt(target, lead, signal) : null;
      if (foreignCluster !== null) return foreignCluster;
      const raft = target.guessed ? connectRaft(target, signal) : null;
      let called = await call(target.grpcAddress, pem === null ? { kind: 'unverified' } : { kind: 'ca', pem });
      let verified = pem !== null && called.kind === 'response';
      let tlsFault: string | null = null;
      if (
        pem !== null &&
        called.kind === 'failure' &&
        called.failure.phase === 'tls' &&
        called.failure.why !== 'silent'
      ) {
        tlsFault = called.failure.code;
        verified = false;
        // Seen from outside, a private address may belong to another machine.
        if (target.by === 'member') called = await call(target.grpcAddress, { kind: 'unverified' });
      }
      const connect = raft === null ? called.connect : await raft;
      if (target.hostname === null && connect.kind === 'connected' && called.kind === 'failure') {
        // join.json names the raft port in the releases seen. If it names the operator port, that answers.
        const direct = await call(target.raftAddress ?? '', { kind: 'unverified' });
        if (direct.kind === 'response') called = direct;
      }
      return { ...target, connect, tlsFault, answer: answerOf(called, verified, host.hostname, host.raftAddress) };
    };

    io.phase('answer');
    const peers = await Promise.all(
      targets
        .filter((target) => host.vantage === 'outside' || !isOurselves(target))
        .map((target) => verifiedAnswer(target, given) ?? ask(target)),
    );
    const uncertain = peers.filter((peer) => isUncertain(peer, settled.last.leader));
    if (uncertain.length === 0) return value<PeerStatuses>({ peers, omitted, localAgain: null });

    io.phase('second look');
    await sleep(AGAIN_MS, undefined, { signal });
    const local = callUnary(endpointOf(endpoint), ClusterService.status, {}, { limitMs: CALL_MS, signal });
    const again = new Map(
      await Promise.all(uncertain.map(async (peer) => [peer.grpcAddress, await ask(peer)] as const)),
    );
    const here = await local;
    return value<PeerStatuses>({
      peers: peers.map((peer) => again.get(peer.grpcAddress) ?? peer),
      omitted,
      localAgain: here.kind === 'response' ? statusFact(here.response).leader : settled.last.leader,
    });
  },
});

/**
 * Whether an entry with this host's name has an older address of this same host, for example from before an edit of
 * jacod.yaml.
 */
function isOurselves({ rival, grpcAddress }: PeerTarget): boolean {
  if (!rival) return false;
  const own = Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).map(({ address }) => address),
  );
  return own.includes(tcpTarget(grpcAddress)?.host ?? '');
}

/**
 * Whether an answer may be transitional: another leader than here, or lists that a join or removal changes one by one.
 */
function isUncertain({ answer }: Peer, leader: string): boolean {
  if (answer.kind !== 'status' || !answer.view.initialized) return false;
  return answer.view.leader !== leader || answer.view.mismatches.length > 0;
}

/** A bare connect to the raft port. If nothing is sent, raft ignores it. */
async function connectRaft({ raftAddress }: PeerTarget, signal: AbortSignal): Promise<ConnectResult> {
  const raftTarget = raftAddress === null ? null : tcpTarget(raftAddress);
  return raftTarget === null ? { kind: 'error', code: 'EINVAL', ms: 0 } : tryConnect(raftTarget, CONNECT_MS, signal);
}
