import { randomBytes } from 'node:crypto';

/**
 * Suites and signature algorithms of a modern TLS 1.2 client, so that servers with ECDSA and RSA certificates of every
 * common kind answer. They are never used: the connection ends after the certificate.
 */
const CIPHER_SUITES = [
  0xc02b, 0xc02c, 0xc02f, 0xc030, 0xcca9, 0xcca8, 0xc009, 0xc00a, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035,
] as const;
const SIGNATURES = [0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201] as const;
const GROUPS = [0x001d, 0x0017, 0x0018, 0x0019] as const;

const TLS_1_2 = 0x0303;
const [SERVER_NAME, SUPPORTED_GROUPS, POINT_FORMATS, SIGNATURE_ALGORITHMS, ALPN] = [0, 10, 11, 13, 16] as const;

/**
 * The first message of a TLS 1.2 handshake (RFC 5246, RFC 6066) for a server name. In TLS 1.2 the server's certificates
 * are sent unencrypted and exactly as stored. No TLS library shows them that way: it sorts them and drops those that it
 * cannot parse.
 */
export function clientHello(serverName: string): Buffer {
  const name = Buffer.from(serverName, 'latin1');
  const extensions = [
    extension(SERVER_NAME, sized(2, Buffer.concat([Buffer.from([0]), sized(2, name)]))),
    extension(SUPPORTED_GROUPS, sized(2, words(GROUPS))),
    extension(POINT_FORMATS, sized(1, Buffer.from([0]))),
    extension(SIGNATURE_ALGORITHMS, sized(2, words(SIGNATURES))),
    extension(ALPN, sized(2, Buffer.concat(['h2', 'http/1.1'].map((protocol) => sized(1, Buffer.from(protocol)))))),
  ];
  const body = Buffer.concat([
    words([TLS_1_2]),
    randomBytes(32),
    sized(1, Buffer.alloc(0)),
    sized(2, words(CIPHER_SUITES)),
    sized(1, Buffer.from([0])),
    sized(2, Buffer.concat(extensions)),
  ]);
  const message = Buffer.concat([Buffer.from([1]), sized(3, body)]);
  return Buffer.concat([Buffer.from([22, 3, 1]), sized(2, message)]);
}

function extension(type: number, content: Buffer): Buffer {
  return Buffer.concat([words([type]), sized(2, content)]);
}

/** The content with its length in this many bytes before it. */
function sized(bytes: 1 | 2 | 3, content: Buffer): Buffer {
  const length = Buffer.alloc(bytes);
  length.writeUIntBE(content.length, 0, bytes);
  return Buffer.concat([length, content]);
}

function words(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, index * 2);
  return bytes;
}
