import { expect, test } from 'vitest';
import { externalConnections, parseConntrack } from '../../../src/probes/host/conntrack.ts';

// Lines of /proc/net/nf_conntrack of kernel 6.
const TIMEOUTS = { SYN_SENT: 120, ESTABLISHED: 432_000, TIME_WAIT: 120 };
const TABLE = `ipv4     2 tcp      6 431999 ESTABLISHED src=10.244.0.2 dst=198.51.100.7 sport=40000 dport=443 src=198.51.100.7 dst=192.0.2.2 sport=443 dport=40000 [ASSURED] mark=0 zone=0 use=2
ipv4     2 tcp      6 118 SYN_SENT src=10.244.0.2 dst=198.51.100.8 sport=40001 dport=443 [UNREPLIED] src=198.51.100.8 dst=192.0.2.2 sport=443 dport=40001 mark=0 zone=0 use=2
ipv4     2 udp      17 28 src=10.244.0.2 dst=10.244.0.1 sport=40002 dport=53 src=10.244.0.1 dst=10.244.0.2 sport=53 dport=40002 mark=0 zone=0 use=2
ipv4     2 unknown  2 236 src=10.244.0.1 dst=224.0.0.22 [UNREPLIED] src=224.0.0.22 dst=10.244.0.1 mark=0 zone=0 use=2
ipv6     10 tcp      6 431999 ESTABLISHED src=2001:db8::1 dst=2001:db8::2 sport=1 dport=2 src=2001:db8::2 dst=2001:db8::1 sport=2 dport=1 [ASSURED] mark=0 zone=0 use=2
`;

test('the ends of a connection are those of its first packet, and an answer is distinguished from none', () => {
  expect(parseConntrack(TABLE, TIMEOUTS).slice(0, 2)).toEqual([
    {
      protocol: 'tcp',
      source: '10.244.0.2',
      destination: '198.51.100.7',
      port: 443,
      answered: true,
      waiting: false,
      idleMs: 1_000,
    },
    {
      protocol: 'tcp',
      source: '10.244.0.2',
      destination: '198.51.100.8',
      port: 443,
      answered: false,
      waiting: true,
      idleMs: 2_000,
    },
  ]);
});

test('only what goes to the Internet counts as traffic to the outside', () => {
  const network = [0x0af40000, 0x0af400ff] as const;
  expect(externalConnections(parseConntrack(TABLE, TIMEOUTS), network)).toEqual({
    answered: 1,
    unanswered: 1,
    answeredAgoMs: 1_000,
    waiting: [{ destination: '198.51.100.8', port: 443, waitedMs: 2_000 }],
  });
});

test('an answer that reached this host but not the container does not count', () => {
  const halfOpen =
    'ipv4     2 tcp      6 58 SYN_RECV src=10.244.0.2 dst=198.51.100.7 sport=40003 dport=443 src=198.51.100.7 dst=192.0.2.2 sport=443 dport=40003 mark=0 zone=0 use=2';
  expect(parseConntrack(halfOpen, TIMEOUTS).map(({ answered }) => answered)).toEqual([false]);
});

test('a reset ends a connection that was established, or refuses one that was not', () => {
  const reset = (flag: string) =>
    `ipv4     2 tcp      6 9 CLOSE src=10.244.0.2 dst=198.51.100.7 sport=40003 dport=443 src=198.51.100.7 dst=192.0.2.2 sport=443 dport=40003 ${flag}mark=0 zone=0 use=2`;
  expect(parseConntrack(reset('[ASSURED] '), TIMEOUTS).map(({ answered }) => answered)).toEqual([true]);
  expect(parseConntrack(reset(''), TIMEOUTS).map(({ answered }) => answered)).toEqual([false]);
});

test('an answer of the next router says nothing about the Internet', () => {
  const toRouter =
    'ipv4     2 tcp      6 9 CLOSE src=10.244.0.2 dst=192.168.1.1 sport=40003 dport=1 src=192.168.1.1 dst=192.168.1.9 sport=1 dport=40003 mark=0 zone=0 use=2';
  expect(externalConnections(parseConntrack(toRouter, TIMEOUTS), [0x0af40000, 0x0af400ff])).toMatchObject({
    answered: 0,
    unanswered: 0,
  });
});
