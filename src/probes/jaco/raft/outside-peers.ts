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
  const { connect, hello, answer } = server;
  const verdict = hello?.kind === 'hello' ? certificateVerdict(hello.leaf, Date.now()) : 'good';
  return { ...target, connect, answer, tlsFault: verdict === 'good' || verdict === 'unverified' ? null : verdict };
}

/** What is met at an address that the cluster lists, where that is a machine of another cluster; null where it may be the member. */
export async function foreignClusterAt(target: PeerTarget, lead: Server, signal: AbortSignal): Promise<Peer | null> {
  const hello = await handshakeWith(target.grpcAddress, null, signal);
  const failure = foreignClusterFailure(lead, target.grpcAddress, hello);
  if (failure === null) return null;
  const answer = { kind: 'failure', ...failure } as const;
  return { ...target, connect: { kind: 'connected', ms: hello.ms }, tlsFault: failure.code, answer };
}
