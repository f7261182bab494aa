import { certificateVerdict } from '../control/certificate-verdict.ts';
import { foreignClusterFailure } from '../control/foreign-cluster.ts';
import type { Server } from '../control/servers.ts';
import { handshakeWith } from '../control/tls-target.ts';
import type { Peer } from './peer-answer.ts';
import type { PeerTarget } from './peer-targets.ts';

/** What a given server has said already: it is not asked a second time. */
export function verifiedAnswer(target: PeerTarget, given: readonly Server[]): Peer | null {
  const server = target.by === 'given' ? given.find(({ address }) => address === target.grpcAddress) : undefined;
  if (server === undefined) return null;
  const { connect, hello: handshake, answer } = server;
  const verdict = handshake?.kind === 'hello' ? certificateVerdict(handshake.leaf, Date.now()) : 'good';
  return { ...target, connect, answer, tlsFault: verdict === 'good' || verdict === 'unverified' ? null : verdict };
}

/** What is met at an address that the cluster lists, where that is a machine of another cluster; null where it may be the member. */
export async function foreignClusterAt(target: PeerTarget, primary: Server, signal: AbortSignal): Promise<Peer | null> {
  const handshake = await handshakeWith(target.grpcAddress, null, signal);
  const failure = foreignClusterFailure(primary, target.grpcAddress, handshake);
  if (failure === null) return null;
  const answer = { kind: 'failure', ...failure } as const;
  return { ...target, connect: { kind: 'connected', ms: handshake.ms }, tlsFault: failure.code, answer };
}
