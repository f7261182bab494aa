import { certificateVerdict } from '../control/certificate-verdict.ts';
import { foreignClusterFailure } from '../control/foreign-cluster.ts';
import type { Server } from '../control/servers.ts';
import { handshakeWith } from '../control/tls-target.ts';
import type { Peer } from './peer-answer.ts';
import type { PeerTarget } from './peer-targets.ts';

/** The answer that a given server already gave, so that it is not asked again. */
export function verifiedAnswer(target: PeerTarget, given: readonly Server[]): Peer | null {
  const server = target.by === 'given' ? given.find(({ address }) => address === target.grpcAddress) : undefined;
  if (server === undefined) return null;
  const { connect, hello: handshake, answer } = server;
  const verdict = handshake?.kind === 'hello' ? certificateVerdict(handshake.leaf, Date.now()) : 'good';
  return { ...target, connect, answer, tlsFault: verdict === 'good' || verdict === 'unverified' ? null : verdict };
}

/**
 * The failure for an address of the cluster's list at which a machine of another cluster answers; null if it may be the
 * member.
 */
export async function foreignClusterAt(target: PeerTarget, primary: Server, signal: AbortSignal): Promise<Peer | null> {
  const handshake = await handshakeWith(target.grpcAddress, null, signal);
  const failure = foreignClusterFailure(primary, target.grpcAddress, handshake);
  if (failure === null) return null;
  const answer = { kind: 'failure', ...failure } as const;
  return { ...target, connect: { kind: 'connected', ms: handshake.ms }, tlsFault: failure.code, answer };
}
