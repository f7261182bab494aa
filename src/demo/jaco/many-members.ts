import { manyMembersCertificate } from '../certificates.ts';
import { Listener } from '../listener.ts';
import type { Content } from './content.ts';
import { answerCall } from './daemon.ts';
import { grpcServer } from './grpc-server.ts';
import { type Member, newMember } from './members.ts';
import type { Raft } from './raft.ts';

/** Followers that exist only as a TLS port each, for clusters of 50 or 1,000 members. */
export type ManyMembers = { readonly members: readonly Member[]; close(): Promise<void> };

/** Opens ports for the members numbered `from` to `to`; all answer as healthy followers, from one server. */
export async function startManyMembers(
  raft: Raft,
  content: Content,
  from: number,
  to: number,
  host: string,
): Promise<ManyMembers> {
  const server = grpcServer(async (call) =>
    answerCall({ status: raft.status({ kind: 'member' }, null), content }, call, 'tcp'),
  );
  const numbers = Array.from({ length: Math.max(to - from + 1, 0) }, (_, i) => from + i);
  const ports = numbers.map(() => new Listener({ host, port: 0 }, (it) => server.serveTls(it, manyMembersCertificate)));
  await Promise.all(ports.map((port) => port.open()));
  const members = numbers.map((number, i) => {
    // Nothing listens on the raft address: no doctor speaks raft.
    return newMember(
      `demo-${number}.crowd.demo`,
      `${host}:${10_000 + number}`,
      ports[i]?.address ?? '',
      Date.now() - 3_600_000,
    );
  });
  return {
    members,
    async close() {
      await Promise.all(ports.map((port) => port.close()));
      server.close();
    },
  };
}
