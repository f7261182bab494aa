import { Listener } from '../listener.ts';
import { manyMembersCertificate } from './certificates.ts';
import { answerCall } from './daemon.ts';
import { grpcServer } from './grpc-server.ts';
import { type Member, newMember } from './members.ts';
import type { Raft } from './raft.ts';
import type { ReplicatedState } from './replicated-state.ts';

/** Followers that are only a TLS port each, for clusters of 50 or 1,000 members. */
export type ManyMembers = { readonly members: readonly Member[]; close(): Promise<void> };

/** Opens a port for each member from number `from` to `to`. One server answers on all of them as a healthy follower. */
export async function startManyMembers(
  raft: Raft,
  content: ReplicatedState,
  from: number,
  to: number,
  host: string,
): Promise<ManyMembers> {
  const server = grpcServer(async (call) =>
    answerCall({ status: raft.status({ kind: 'member' }, null), content, release: 'v0.3.9' }, call, 'tcp'),
  );
  const numbers = Array.from({ length: Math.max(to - from + 1, 0) }, (_, i) => from + i);
  const listeners = numbers.map(
    () => new Listener({ host, port: 0 }, (connection) => server.serveTls(connection, manyMembersCertificate)),
  );
  await Promise.all(listeners.map((listener) => listener.open()));
  const members = numbers.map((number, i) => {
    // Nothing listens on the raft address, because the doctor does not speak raft.
    return newMember(
      `demo-${number}.crowd.demo`,
      `${host}:${10_000 + number}`,
      listeners[i]?.address ?? '',
      Date.now() - 3_600_000,
    );
  });
  return {
    members,
    async close() {
      await Promise.all(listeners.map((listener) => listener.close()));
      server.close();
    },
  };
}
