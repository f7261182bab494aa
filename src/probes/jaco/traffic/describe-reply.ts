import type { ProberReply } from '../../io/prober/prober-request.ts';

/** The reply, in words. */
export function describeReply(reply: ProberReply): string {
  if (reply.kind === 'silent') return `no answer within ${(reply.ms / 1000).toFixed(1)} s, 2 tries`;
  if (reply.kind !== 'answer') return reply.code;
  if (reply.how !== 'dns') return `refused (${reply.how})`;
  return `another resolver answers ${reply.addresses.join(', ') || reply.rcode}`;
}
