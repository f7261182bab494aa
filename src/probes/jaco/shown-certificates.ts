import { setMaxListeners } from 'node:events';
import { factOf, type Outcome, type Result, value } from '../../engine/outcome.ts';
import { attempt } from '../../engine/probe.ts';
import { type Listeners, listeners } from '../host/listeners.ts';
import { tryConnect } from '../io/connect.ts';
import { tcpPlace } from '../io/grpc.ts';
import { probe } from '../io/io.ts';
import { type Hello, shakeHands } from '../io/tls.ts';
import { clusterCa } from './cluster-ca.ts';
import { clusterStatus } from './cluster-status.ts';
import { nameOf } from './peer-answer.ts';
import { type Peer, peerStatuses } from './peer-status.ts';
import { ownershipOf } from './peer-targets.ts';
import { type RaftHost, raftHost } from './raft-host.ts';
import { type Servers, servers } from './servers.ts';
import type { ClusterStatus } from './status-fact.ts';

/** What an operator port shows of itself. */
export type TlsTarget = {
  /** The member, or the address where its name is not known. */
  readonly subject: string;
  readonly address: string;
  /** Whether it is the daemon that is looked at, and not another member. */
  readonly own: boolean;
  /** Whether the address is only what the cluster lists, and is dialled from outside, where another machine may have it. */
  readonly hearsay: boolean;
  readonly hello: Hello;
  /** Why a verified call was refused although the leaf looks right; null where none was. */
  readonly refused: string | null;
};

/** The certificates that matter: that of the daemon looked at, of every given server, and of members whose was refused. */
export type ShownCertificates = {
  readonly targets: readonly TlsTarget[];
  /** Why the daemon's own port is not among them; null where it is. */
  readonly ownUnseen: string | null;
};

const HANDSHAKE_MS = 1_500;

/** One handshake of our own beside gRPC, whose errors do not tell one certificate from another (live C4). */
export const shownCertificates = probe({
  name: 'jaco.shown-certificates',
  where: 'anywhere',
  after: {
    status: attempt(clusterStatus),
    host: attempt(raftHost),
    listeners: attempt(listeners),
    peers: attempt(peerStatuses),
    servers: attempt(servers),
    ca: attempt(clusterCa),
  },
  deadlineMs: 3_000,
  async collect(
    io,
    { status, host, listeners, peers, servers: asked, ca },
    signal,
  ): Promise<Result<ShownCertificates>> {
    if (status.kind !== 'value' && asked.kind !== 'value') return status;
    setMaxListeners(0, signal);
    io.phase('tls');
    const pem = factOf(ca)?.pem ?? null;
    const shake = async (address: string): Promise<Hello> => {
      const place = tcpPlace(address);
      if (place === null) return { kind: 'no-connection', code: 'EINVAL', detail: `not an address: ${address}`, ms: 0 };
      const connect = await tryConnect(place, HANDSHAKE_MS, signal);
      if (connect.kind !== 'connected')
        return {
          kind: 'no-connection',
          code: connect.kind === 'error' ? connect.code : null,
          detail: connect.kind === 'error' ? (connect.detail ?? connect.code) : `no answer within ${connect.ms} ms`,
          ms: connect.ms,
        };
      const at = { host: connect.at ?? place.host, port: place.port };
      return shakeHands(at, { limitMs: HANDSHAKE_MS, signal, ca: pem, name: place.host });
    };
    const others = (factOf(peers)?.peers ?? [])
      .filter((peer) => peer.tlsFault !== null && peer.by !== 'given' && peer.grpcAddress !== '')
      .map((peer) => seenOf(peer, shake));
    if (asked.kind === 'value')
      return value({ targets: [...givenOf(asked.value), ...(await Promise.all(others))], ownUnseen: null });
    if (host.kind !== 'value') return host;
    if (status.kind !== 'value') return status;
    const address = ownAddress(status.value, host.value, listeners);
    const own = address === null ? [] : [{ subject: host.value.hostname, address, own: true, hearsay: false }];
    const shown = own.map(async (target) => ({ ...target, hello: await shake(target.address), refused: null }));
    return value({
      targets: await Promise.all([...shown, ...others]),
      ownUnseen:
        address === null ? 'neither jacod.yaml, the member list nor its sockets tell where its operator port is' : null,
    });
  },
});

async function seenOf(peer: Peer, shake: (address: string) => Promise<Hello>): Promise<TlsTarget> {
  const hello = await shake(peer.grpcAddress);
  const hearsay = peer.by === 'listed';
  return { subject: nameOf(peer), address: peer.grpcAddress, own: false, hearsay, hello, refused: null };
}

function givenOf({ servers: asked, lead }: Servers): readonly TlsTarget[] {
  return asked.flatMap(({ address, hostname, hello, refused }) =>
    hello === null
      ? []
      : [{ subject: hostname ?? address, address, own: address === lead?.address, hearsay: false, hello, refused }],
  );
}

/** Where this node's operator port is: as the cluster lists it, as it is configured, or where its process listens. */
function ownAddress({ nodes }: ClusterStatus, host: RaftHost, sockets: Outcome<Listeners>): string | null {
  const listed = nodes.find((node) => ownershipOf(node, host) === 'own')?.grpcAddress ?? '';
  if (listed !== '' || host.grpcAddress !== null) return host.grpcAddress ?? listed;
  const bound = factOf(sockets)?.listeners.find(
    ({ protocol, port, program }) =>
      protocol === 'tcp' && port === host.grpcPort && (program === null || program === 'jacod'),
  );
  if (bound === undefined || bound.address === '0.0.0.0' || bound.address === '::') return null;
  return bound.address.includes(':') ? `[${bound.address}]:${bound.port}` : `${bound.address}:${bound.port}`;
}
