import { setMaxListeners } from 'node:events';
import { notApplicable, type Result, value } from '../../../engine/outcome.ts';
import { connectFailure } from '../../io/grpc/failure.ts';
import { type CallFailure, callUnary, type Trust, tcpTarget } from '../../io/grpc/grpc.ts';
import { type Handshake, tlsHandshake } from '../../io/tls.ts';
import { type ConnectResult, routeDelayMs, tryConnect } from '../../io/try-connect.ts';
import { probe } from '../jaco-probe.ts';
import { certificateVerdict, nodeNameOf } from './certificate-verdict.ts';
import { readCa } from './cluster-ca.ts';
import { foreignClusterFailure } from './foreign-cluster.ts';
import { type PeerAnswer, viewOf } from './peer-view.ts';
import { type ClusterStatus, type Member, statusFact } from './status-fact.ts';

export { isLocalFailure } from '../../io/try-connect.ts';

/** One operator port that was asked over the network. */
export type Server = {
  /** The address as given, `host:port`. */
  readonly address: string;
  /** The member behind it, from its certificate or from its address in its own list; null if neither shows it. */
  readonly hostname: string | null;
  readonly connect: ConnectResult;
  /** Null if the connection failed. */
  readonly hello: Handshake | null;
  /** Why a verified call was refused although the leaf looks right; null if none was. */
  readonly refused: string | null;
  readonly answer: PeerAnswer;
};

export type Servers = {
  readonly servers: readonly Server[];
  /** The first whose identity was verified, else the first that answered; null if none did. */
  readonly lead: {
    readonly address: string;
    readonly hostname: string | null;
    /** The CA, PEM, that verified its identity; null if it was not verified. */
    readonly ca: string | null;
    /**
     * The SHA-256 of the certificate that was verified, and the address that accepted the connection: all further
     * questions go to this daemon.
     */
    readonly leaf: string | null;
    readonly at: string | null;
    readonly status: ClusterStatus;
  } | null;
};

const CONNECT_MS = 1_500;
const HANDSHAKE_MS = 1_500;
const CALL_MS = 1_500;

/**
 * Asks every given operator port for its identity and its Status, which needs no token. A port whose certificate
 * another CA signed does not count, because it may belong to another cluster. Nor does one where each call reaches
 * another daemon.
 */
export const servers = probe({
  name: 'jaco.servers',
  where: 'anywhere',
  deadlineMs: 8_500,
  async collect(io, _, signal): Promise<Result<Servers>> {
    const { servers: addresses, caCert } = io.settings;
    if (addresses.length === 0) return notApplicable('no --server was given, so the doctor examines this host');
    setMaxListeners(0, signal);
    io.phase('connect');
    const ca = await readCa(caCert, null);
    const pem = ca.kind === 'value' ? ca.value.pem : null;
    const asked = await Promise.all(addresses.map((address) => ask(address, pem, signal)));
    const first = asked.find((one) => one.verified) ?? asked.find((one) => one.status !== null);
    const attempts =
      pem === null && first !== undefined ? asked.map((one) => withoutForeignCluster(one, first)) : asked;
    // If a server does not show its name, another may list it at that address.
    const nodes = attempts.flatMap(({ status }) => status?.nodes ?? []);
    const primary = first?.status ? primaryOf(first, first.status, nodes, pem) : null;
    const listed = primary?.status.nodes.find((node) => node.hostname === primary.hostname)?.address ?? null;
    return value({
      lead: primary,
      servers: attempts.map((one) => {
        const { status, verified, failure, ...server } = one;
        const answer: PeerAnswer =
          status === null
            ? { kind: 'failure', ...failure }
            : { kind: 'status', verified, view: viewOf(status, primary?.hostname ?? '', listed) };
        return { ...server, hostname: nameIn(one, nodes), answer };
      }),
    });
  },
});

function primaryOf(
  attempt: ServerAttempt,
  status: ClusterStatus,
  nodes: readonly Member[],
  ca: string | null,
): NonNullable<Servers['lead']> {
  const { address, connect, hello: handshake, verified } = attempt;
  return {
    address,
    hostname: nameIn(attempt, nodes),
    ca: verified ? ca : null,
    leaf: verified && handshake?.kind === 'hello' ? handshake.leaf.fingerprint : null,
    at: connect.kind === 'connected' ? (connect.at ?? null) : null,
    status,
  };
}

function withoutForeignCluster(attempt: ServerAttempt, primary: ServerAttempt): ServerAttempt {
  const failure = foreignClusterFailure(primary, attempt.address, attempt.hello);
  return failure === null ? attempt : { ...attempt, verified: false, status: null, failure };
}

type ServerAttempt = Pick<Server, 'address' | 'connect' | 'hello' | 'refused'> & { readonly verified: boolean } & (
    | { readonly status: ClusterStatus; readonly failure: null }
    | { readonly status: null; readonly failure: CallFailure }
  );

async function ask(address: string, ca: string | null, signal: AbortSignal): Promise<ServerAttempt> {
  const target = tcpTarget(address);
  const connect: ConnectResult =
    target === null ? { kind: 'error', code: 'EINVAL', ms: 0 } : await tryConnect(target, CONNECT_MS, signal);
  const nothing = { address, connect, refused: null, verified: false, status: null };
  if (target === null || connect.kind !== 'connected')
    return {
      ...nothing,
      hello: null,
      failure: connectFailure(connect as Exclude<ConnectResult, { kind: 'connected' }>, address, false),
    };
  const at = { host: connect.at ?? target.host, port: target.port };
  const handshake = await tlsHandshake(at, {
    limitMs: HANDSHAKE_MS + routeDelayMs(connect),
    signal,
    ca,
    name: target.host,
  });
  if (handshake.kind !== 'hello') return { ...nothing, hello: handshake, failure: failureOf(handshake) };
  const verdict = certificateVerdict(handshake.leaf, Date.now());
  if (verdict === 'other-cluster' || verdict === 'other-issuer') {
    const detail = `${address} serves a certificate that ${handshake.leaf.issuer ?? 'an unknown issuer'} signed with a different key than the given CA`;
    return {
      ...nothing,
      hello: handshake,
      failure: { why: 'withheld', phase: 'tls', detail, code: 'untrusted', grpc: null },
    };
  }
  const { ClusterService } = await import('../../../wire/jaco.ts');
  const call = (trust: Trust) =>
    callUnary(
      { kind: 'tls', address, trust, at: at.host },
      ClusterService.status,
      {},
      { limitMs: CALL_MS, connectMs: CONNECT_MS, signal },
    );
  const isTrusted = verdict === 'good' && ca !== null;
  let called = await call(
    isTrusted ? { kind: 'ca', pem: ca, leaf: handshake.leaf.fingerprint } : { kind: 'unverified' },
  );
  if (called.kind === 'failure' && isTrusted && isAnother(called.failure)) {
    const detail = `${address} leads to more than one daemon, such as behind a load balancer, so its answers cannot be combined: ask each daemon at its own address`;
    return {
      ...nothing,
      hello: handshake,
      failure: { why: 'withheld', phase: 'tls', detail, code: 'another', grpc: null },
    };
  }
  const refused =
    isTrusted && called.kind === 'failure' && called.failure.phase === 'tls' ? called.failure.detail : null;
  if (refused !== null) called = await call({ kind: 'unverified' });
  const attempt = { address, connect, hello: handshake, refused, verified: isTrusted && refused === null };
  return called.kind === 'failure'
    ? { ...attempt, verified: false, status: null, failure: called.failure }
    : { ...attempt, status: statusFact(called.response), failure: null };
}

/** The pinned certificate changed, or a self-signed one replaced one that the CA had signed. */
function isAnother({ code, detail }: CallFailure): boolean {
  return code === 'another' || (code === 'self-signed' && detail === 'self-signed certificate');
}

function failureOf(handshake: Exclude<Handshake, { kind: 'hello' }>): CallFailure {
  if (handshake.kind === 'no-connection')
    return { why: 'absent', phase: 'connect', detail: handshake.detail, code: handshake.code, grpc: null };
  const { fault, detail } = handshake;
  return fault === 'silent'
    ? { why: 'silent', phase: 'tls', detail, code: null, grpc: null }
    : { why: 'unreadable', phase: 'tls', detail, code: fault, grpc: null };
}

/**
 * A daemon without a node certificate is listed at the address that was dialled, unless there is a proxy between. Other
 * clusters have members of the same name.
 */
function nameIn(
  { address, connect, hello: handshake, failure }: ServerAttempt,
  nodes: readonly Member[],
): string | null {
  const named = handshake?.kind === 'hello' && failure?.why !== 'withheld' ? nodeNameOf(handshake.leaf) : null;
  const port = address.slice(address.lastIndexOf(':'));
  const dialled = connect.kind === 'connected' ? `${connect.at}${port}` : address;
  return named ?? nodes.find(({ grpcAddress }) => grpcAddress === address || grpcAddress === dialled)?.hostname ?? null;
}
