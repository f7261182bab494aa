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
};

/** States that a TCP connection reaches only if both ends received packets from the other. */
const BOTH_WAYS: readonly string[] = ['ESTABLISHED', 'FIN_WAIT', 'CLOSE_WAIT', 'LAST_ACK', 'TIME_WAIT'];
const PATH = '/proc/net/nf_conntrack';
const MAX_BYTES = 16 * 1024 * 1024;

/** The tracked IPv4 connections of this network namespace. `absent` if the kernel does not list them there. */
export async function readConntrack(): Promise<Result<readonly TrackedConnection[]>> {
  const table = await readText(PATH, MAX_BYTES);
  return table.kind === 'text' ? value(parseConntrack(table.text)) : table;
}

/** Parses /proc/net/nf_conntrack. The first `src=`, `dst=` and `dport=` of a line belong to the first packet. */
export function parseConntrack(text: string): readonly TrackedConnection[] {
  return text.split('\n').flatMap((line): readonly TrackedConnection[] => {
    const [, protocol, state = ''] = /^ipv4\s+\d+\s+(\S+)\s+\d+\s+\d+\s+([A-Z_0-9]*)/.exec(line) ?? [];
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
      },
    ];
  });
}

/**
 * The numbers of connections from `network` to public addresses that were answered and that were not. A neighbour of
 * this host or another node says nothing about the Internet.
 */
export function connectionsOut(
  connections: readonly TrackedConnection[],
  network: Range,
): { readonly answered: number; readonly unanswered: number } {
  const out = connections.filter(({ source, destination }) => {
    const [from, to] = [ipv4(source), ipv4(destination)];
    if (from === null || to === null) return false;
    return overlapsAny([network], [from, from]) && isPublic(to);
  });
  const answered = out.filter((one) => one.answered).length;
  return { answered, unanswered: out.length - answered };
}
