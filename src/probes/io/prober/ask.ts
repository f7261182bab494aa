/** One thing the prober is told to send. Hosts are addresses, never names: nothing is looked up inside a container. */
export type Ask =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'udp'; readonly host: string; readonly port: number }
  | {
      readonly kind: 'dns';
      readonly over: 'udp' | 'tcp';
      readonly host: string;
      readonly port: number;
      readonly name: string;
      /** A, if left out. */
      readonly type?: 'AAAA';
    };

/**
 * What came of one ask. `ms` is from its start.
 * `answer`: the target itself answered, also by a reset or by "port unreachable"; for DNS, with what it said.
 * `rejected`: an ICMP error of somebody on the way. `silent`: nothing came, after two tries.
 * `not-sent`: this network namespace let nothing out; `code` is the system's own.
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

/** What the prober is given on its standard input. Silence is judged after `limitMs`, within which each ask is tried twice. */
export type Assignment = { readonly asks: readonly Ask[]; readonly limitMs: number };
