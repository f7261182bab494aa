import { randomInt } from 'node:crypto';

/** A name server: an address, never a name. */
export type NameServer = { readonly address: string; readonly port: number };

/** A question. A server answers class CH itself, without an upstream. */
export type Question = { readonly name: string; readonly type: 'A' | 'AAAA' | 'TXT'; readonly class?: 'CH' };

/** The response code of a server. NOERROR without an address means that the name has no address of that type. */
export type Rcode = 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED' | 'NOTIMP' | 'FORMERR' | 'other';

/** An answer to the question, with any response code. `ms` counts from the question. */
export type DnsAnswer = {
  readonly kind: 'answer';
  readonly rcode: Rcode;
  /** Of the requested type, without CNAMEs. At most 32. */
  readonly addresses: readonly string[];
  /** The answer does not fit into a datagram. */
  readonly truncated: boolean;
  readonly ms: number;
};

/**
 * No answer. `silent`: nothing came in time. `refused`: the port is closed. `unreachable`: there is no route, or
 * sending is not permitted. `closed`: the TCP connection was closed. `garbled`: the reply is not an answer to the
 * question.
 */
export type DnsFailure = {
  readonly kind: 'failure';
  readonly why: 'silent' | 'refused' | 'unreachable' | 'closed' | 'garbled';
  /** The error code of the system; null for none. */
  readonly code: string | null;
  /** Datagrams of the server with another id or question: late or forged answers. */
  readonly strays: number;
  readonly ms: number;
};

export type DnsResult = DnsAnswer | DnsFailure;

/** The limit and the abort signal of one question. */
export type QueryOptions = { readonly limitMs: number; readonly signal: AbortSignal };

/** An encoded question, with the id that its answer must have. */
export type Query = { readonly id: number; readonly bytes: Buffer };

/** A decoded datagram: the answer, an answer to another question, or unreadable. */
export type DnsReply = Omit<DnsAnswer, 'kind' | 'ms'> | 'stray' | 'garbled';

export type Codec = typeof import('dns-packet');

const MAX_ADDRESSES = 32;
const RCODES: readonly Rcode[] = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];
const HEADER_BYTES = 12;

/** The codec of DNS messages, loaded on first use. */
export async function loadCodec(): Promise<Codec> {
  const module = await import('dns-packet');
  return module.default;
}

export function encodeQuestion(codec: Codec, question: Question): Query {
  const id = randomInt(0x10000);
  const bytes = codec.encode({
    type: 'query',
    id,
    flags: codec.RECURSION_DESIRED,
    questions: [{ type: question.type, name: question.name, class: question.class ?? 'IN' }],
  });
  return { id, bytes };
}

/** Decodes a reply. Its id and question must match, because any host can send to an open port. */
export function decodeReply(codec: Codec, { id }: Query, question: Question, bytes: Buffer): DnsReply {
  if (bytes.length < HEADER_BYTES) return 'garbled';
  if (bytes.readUInt16BE(0) !== id) return 'stray';
  try {
    const packet = codec.decode(bytes);
    const [repeated] = packet.questions ?? [];
    if (packet.type !== 'response') return 'stray';
    // A server that refuses may omit the question.
    if (repeated !== undefined && !(repeated.type === question.type && sameName(repeated.name, question.name)))
      return 'stray';
    return {
      rcode: RCODES[bytes.readUInt16BE(2) & 0xf] ?? 'other',
      addresses: (packet.answers ?? [])
        .flatMap((answer) =>
          answer.type === question.type && 'data' in answer && typeof answer.data === 'string' ? [answer.data] : [],
        )
        .slice(0, MAX_ADDRESSES),
      truncated: packet.flag_tc ?? false,
    };
  } catch {
    return 'garbled';
  }
}

function sameName(first: string, second: string): boolean {
  const normalize = (name: string): string => name.toLowerCase().replace(/\.$/, '');
  return normalize(first) === normalize(second);
}
