import { randomInt } from 'node:crypto';

/** A name server: an address, never a name. */
export type NameServer = { readonly address: string; readonly port: number };

/** A question. Class CH is the server's own: what it says there it needs nobody for. */
export type Question = { readonly name: string; readonly type: 'A' | 'AAAA' | 'TXT'; readonly class?: 'CH' };

/** How a server answers: its word for the outcome. NOERROR without an address is "the name has none of that kind". */
export type Rcode = 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED' | 'NOTIMP' | 'FORMERR' | 'other';

/** An answer to this very question, whatever it says. `ms` is from the question to it. */
export type DnsAnswer = {
  readonly kind: 'answer';
  readonly rcode: Rcode;
  /** Of the type asked for; CNAMEs on the way are left out. 32 at most. */
  readonly addresses: readonly string[];
  /** The server says that there is more than fits into a datagram. */
  readonly truncated: boolean;
  readonly authoritative: boolean;
  readonly ms: number;
};

/**
 * No answer. `silent` nothing came in time, `refused` the host says that nobody listens there, `unreachable` the system knows
 * no way there or may not send, `closed` a TCP connection was ended, `garbled` something came that is no answer to it.
 */
export type DnsFailure = {
  readonly kind: 'failure';
  readonly why: 'silent' | 'refused' | 'unreachable' | 'closed' | 'garbled';
  /** The system's own code; null where there is none. */
  readonly code: string | null;
  /** Datagrams that came from the server with another id or another question: somebody else's answers, or forged ones. */
  readonly strays: number;
  readonly ms: number;
};

export type DnsResult = DnsAnswer | DnsFailure;

/** How long and for whom is asked. */
export type AskOptions = { readonly limitMs: number; readonly signal: AbortSignal };

/** A question as bytes, with the id by which its answer is known. */
export type Query = { readonly id: number; readonly bytes: Buffer };

/** What a datagram is to a question: its answer, somebody else's, or nothing that can be read. */
export type Reply = Omit<DnsAnswer, 'kind' | 'ms'> | 'stray' | 'garbled';

export type Codec = typeof import('dns-packet');

const MAX_ADDRESSES = 32;
const RCODES: readonly Rcode[] = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];
const HEADER_BYTES = 12;

/** The reader and writer of DNS messages; loaded where it is used. */
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

/** Reads a message that a server sent. The id and the question must be ours: anybody may send to an open port. */
export function decodeReply(codec: Codec, { id }: Query, question: Question, bytes: Buffer): Reply {
  if (bytes.length < HEADER_BYTES) return 'garbled';
  if (bytes.readUInt16BE(0) !== id) return 'stray';
  try {
    const packet = codec.decode(bytes);
    const [repeated] = packet.questions ?? [];
    if (packet.type !== 'response') return 'stray';
    // Servers that refuse may leave the question out.
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
      authoritative: packet.flag_aa ?? false,
    };
  } catch {
    return 'garbled';
  }
}

function sameName(first: string, second: string): boolean {
  const normalize = (name: string): string => name.toLowerCase().replace(/\.$/, '');
  return normalize(first) === normalize(second);
}
