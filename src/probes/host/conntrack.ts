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
  /** For a TCP connection that got no answer: the time in ms since its last packet. Else null. */
  readonly waitedMs: number | null;
};

/** States that a TCP connection reaches only if both ends received packets from the other. */
const BOTH_WAYS: readonly string[] = ['ESTABLISHED', 'FIN_WAIT', 'CLOSE_WAIT', 'LAST_ACK', 'TIME_WAIT'];
const PATH = '/proc/net/nf_conntrack';
/** The seconds that an entry is kept after an unanswered SYN. Each further SYN starts them again. */
const SYN_TIMEOUT = '/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_syn_sent';
const MAX_BYTES = 16 * 1024 * 1024;

/** The tracked IPv4 connections of this network namespace. `absent` if the kernel does not list them there. */
export async function readConntrack(): Promise<Result<readonly TrackedConnection[]>> {
  const [table, timeout] = await Promise.all([readText(PATH, MAX_BYTES), readText(SYN_TIMEOUT)]);
  if (table.kind !== 'text') return table;
  const seconds = timeout.kind === 'text' ? Number(timeout.text) : Number.NaN;
  return value(parseConntrack(table.text, Number.isInteger(seconds) ? seconds : null));
}

/**
 * Parses /proc/net/nf_conntrack. The first `src=`, `dst=` and `dport=` of a line belong to the first packet.
 * `synTimeout` is the time in s for which an unanswered SYN is kept; null if unknown.
 */
export function parseConntrack(text: string, synTimeout: number | null): readonly TrackedConnection[] {
  return text.split('\n').flatMap((line): readonly TrackedConnection[] => {
    const [, protocol, remaining, state = ''] = /^ipv4\s+\d+\s+(\S+)\s+\d+\s+(\d+)\s+([A-Z_0-9]*)/.exec(line) ?? [];
    const [, source] = /\bsrc=([\d.]+)/.exec(line) ?? [];
    const [, destination] = /\bdst=([\d.]+)/.exec(line) ?? [];
    if (protocol === undefined || source === undefined || destination === undefined) return [];
    const [, port] = /\bdport=(\d+)/.exec(line) ?? [];
    return [
      {
        protocol,
        source,
        destination,
        port: port === undefined ? null : Number(port),
        answered: BOTH_WAYS.includes(state),
        waitedMs:
          state === 'SYN_SENT' && line.includes('[UNREPLIED]') && synTimeout !== null
            ? Math.max(0, synTimeout - Number(remaining)) * 1_000
            : null,
      },
    ];
  });
}

/** Connections of a network to the Internet. */
export type ExternalConnections = {
  readonly answered: number;
  readonly unanswered: number;
  /** TCP connections without any answer, one for each destination, and the time in ms since their last packet. */
  readonly waiting: readonly {
    readonly destination: string;
    readonly port: number | null;
    readonly waitedMs: number;
  }[];
};

/** Most destinations without an answer that are kept of a network. */
const MAX_WAITING = 20;

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
  const answered = out.filter((one) => one.answered).length;
  const waiting = new Map<string, ExternalConnections['waiting'][number]>();
  for (const { destination, port, waitedMs } of out) {
    if (waitedMs === null) continue;
    const longest = Math.max(waitedMs, waiting.get(destination)?.waitedMs ?? 0);
    waiting.set(destination, { destination, port, waitedMs: longest });
  }
  return { answered, unanswered: out.length - answered, waiting: [...waiting.values()].slice(0, MAX_WAITING) };
}
