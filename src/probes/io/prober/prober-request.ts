/**
 * One packet or query for the prober to send. Hosts are addresses, never names, so nothing is resolved inside a
 * container.
 */
export type ProberRequest =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'udp'; readonly host: string; readonly port: number }
  | {
      readonly kind: 'dns';
      readonly over: 'udp' | 'tcp';
      readonly host: string;
      readonly port: number;
      readonly name: string;
      /** The default is A. */
      readonly type?: 'AAAA';
    };

/**
 * The result of one request. `ms` counts from its start. `answer`: the target itself answered, including a reset or
 * "port unreachable"; for DNS, with the content. `rejected`: a host on the way sent an ICMP error. `silent`: nothing
 * came after two attempts. `not-sent`: this network namespace did not let the packet out; `code` is the system's own.
 */
export type ProberReply =
  | {
      readonly kind: 'answer';
      readonly how: 'connected' | 'reset' | 'port-unreachable' | 'datagram';
      readonly ms: number;
    }
  | {
      readonly kind: 'answer';
      readonly how: 'dns';
      readonly rcode: string;
      readonly addresses: readonly string[];
      readonly ms: number;
    }
  | { readonly kind: 'rejected'; readonly code: string; readonly ms: number }
  | { readonly kind: 'silent'; readonly ms: number }
  | { readonly kind: 'not-sent'; readonly code: string };

/** The prober's standard input. It reports silence after `limitMs`, within which each request is sent twice. */
export type Assignment = { readonly requests: readonly ProberRequest[]; readonly limitMs: number };
