import type { DnsFailure, DnsResult, Rcode } from '../../../../src/probes/io/dns/message.ts';

export const answers = (rcode: Rcode, addresses: readonly string[] = [], given = {}): DnsResult => ({
  kind: 'answer',
  rcode,
  addresses,
  truncated: false,
  ms: 2,
  ...given,
});
export const none = (why: DnsFailure['why'], code: string | null = null, strays = 0): DnsResult => ({
  kind: 'failure',
  why,
  code,
  strays,
  ms: why === 'silent' ? 2_000 : 1,
});
