import { type Result, value } from '../../engine/outcome.ts';
import { readText } from '../io/files.ts';
import { ipv4, isPublic, overlapsAny, type Range } from './ipv4.ts';

/**
 * A connection that the kernel tracks, with the addresses of its first packet. `answered`: it got an answer and
 * continued. An answer that reached this host is not enough, because a rule may drop it later on its way.
 */
export type TrackedConnection = {
  readonly protocol: string;
  readonly source: string;
  readonly destination: string;
  readonly port: number | null;
  readonly answered: boolean;
  /** Whether it is a TCP connection of which only the first packets, of one side, were seen. */
  readonly waiting: boolean;
  /** The time in ms since its last packet; null if the kernel does not show it. */
  readonly idleMs: number | null;
};

/** The time in s for which the kernel keeps an entry of a TCP state. Each packet starts it again. */
export type StateTimeouts = { readonly [state: string]: number };

/** States that a TCP connection reaches only if both ends received packets from the other. */
const BOTH_WAYS: readonly string[] = ['ESTABLISHED', 'FIN_WAIT', 'CLOSE_WAIT', 'LAST_ACK', 'TIME_WAIT'];
/** The state after a reset. Only if the connection is assured, it was established before. */
const RESET = 'CLOSE';
const PATH = '/proc/net/nf_conntrack';
/** The state of a TCP connection that sent its first packet and got no answer. */
const NO_ANSWER = 'SYN_SENT';
const TIMEOUT_PREFIX = '/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_';
const MAX_BYTES = 16 * 1024 * 1024;

/** The tracked IPv4 connections of this network namespace. `absent` if the kernel does not list them there. */
export async function readConntrack(): Promise<Result<readonly TrackedConnection[]>> {
  const [table, timeouts] = await Promise.all([readText(PATH, MAX_BYTES), readTimeouts()]);
  return table.kind === 'text' ? value(parseConntrack(table.text, timeouts)) : table;
}

async function readTimeouts(): Promise<StateTimeouts> {
  const read = await Promise.all(
    [NO_ANSWER, ...BOTH_WAYS, RESET].map(async (state) => {
      const file = await readText(`${TIMEOUT_PREFIX}${state.toLowerCase()}`);
      const seconds = file.kind === 'text' ? Number(file.text) : Number.NaN;
      return Number.isInteger(seconds) ? [[state, seconds] as const] : [];
    }),
  );
  return Object.fromEntries(read.flat());
}

/** Parses /proc/net/nf_conntrack. The first `src=`, `dst=` and `dport=` of a line belong to the first packet. */
export function parseConntrack(text: string, timeouts: StateTimeouts): readonly TrackedConnection[] {
  return text.split('\n').flatMap((line): readonly TrackedConnection[] => {
    const [, protocol, remaining, state = ''] = /^ipv4\s+\d+\s+(\S+)\s+\d+\s+(\d+)\s+([A-Z_0-9]*)/.exec(line) ?? [];
    const [, source] = /\bsrc=([\d.]+)/.exec(line) ?? [];
    const [, destination] = /\bdst=([\d.]+)/.exec(line) ?? [];
    if (protocol === undefined || source === undefined || destination === undefined) return [];
    const [, port] = /\bdport=(\d+)/.exec(line) ?? [];
    const timeout = timeouts[state];
    return [
      {
        protocol,
        source,
        destination,
        port: port === undefined ? null : Number(port),
        answered: BOTH_WAYS.includes(state) || (state === RESET && line.includes('[ASSURED]')),
        waiting: state === NO_ANSWER && line.includes('[UNREPLIED]'),
        idleMs: timeout === undefined ? null : Math.max(0, timeout - Number(remaining)) * 1_000,
      },
    ];
  });
}

/** Connections of a network to the Internet. */
export type ExternalConnections = {
  readonly answered: number;
  readonly unanswered: number;
  /** The time in ms since the last packet of an answered one; null if there is none, or if it is unknown. */
  readonly answeredAgoMs: number | null;
  /** TCP connections without any answer, and the time in ms since their last packet, the shortest first. */
  readonly waiting: readonly {
    readonly destination: string;
    readonly port: number | null;
    readonly waitedMs: number;
  }[];
};

/** Most connections without an answer that are kept of a network. */
const MAX_WAITING = 50;

/**
 * The connections from `network` to public addresses that were answered and that were not. A neighbour of this host or
 * another node says nothing about the Internet.
 */
export function externalConnections(connections: readonly TrackedConnection[], network: Range): ExternalConnections {
  const out = connections.filter(({ source, destination }) => {
    const [from, to] = [ipv4(source), ipv4(destination)];
    if (from === null || to === null) return false;
    return overlapsAny([network], [from, from]) && isPublic(to);
  });
  const answered = out.filter((one) => one.answered);
  const idle = answered.flatMap(({ idleMs }) => idleMs ?? []);
  const waiting = out
    .flatMap(({ destination, port, waiting: isWaiting, idleMs }) =>
      isWaiting && idleMs !== null ? [{ destination, port, waitedMs: idleMs }] : [],
    )
    .sort((one, other) => one.waitedMs - other.waitedMs);
  return {
    answered: answered.length,
    unanswered: out.length - answered.length,
    answeredAgoMs: idle.length === answered.length && idle.length > 0 ? Math.min(...idle) : null,
    waiting: waiting.slice(0, MAX_WAITING),
  };
}
