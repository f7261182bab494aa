/**
 * The content of a server's first bytes in a TLS 1.2 handshake. `certificates`: DER, in the order in which they were
 * sent. `alert`: the server ended the handshake with this number (RFC 8446, section 6). `other`: these bytes are not
 * TLS, or a handshake without a certificate.
 */
export type ServerFlight =
  | { readonly kind: 'certificates'; readonly list: readonly Buffer[] }
  | { readonly kind: 'alert'; readonly code: number }
  | { readonly kind: 'other'; readonly http: boolean }
  | { readonly kind: 'incomplete' };

const [ALERT, HANDSHAKE] = [21, 22] as const;
const [CERTIFICATE, SERVER_HELLO] = [11, 2] as const;
/** A record has at most 2^14 bytes, plus some expansion that an inexact server may add. */
const MAX_RECORD = 2 ** 14 + 2048;
/** Most certificates of one chain that are kept. */
const MAX_CERTIFICATES = 10;

/** Parses the bytes received so far, in linear time. Never throws. */
export function readServerFlight(bytes: Buffer): ServerFlight {
  const handshake: Buffer[] = [];
  let at = 0;
  for (;;) {
    const unlike = notTls(bytes.subarray(at), at === 0);
    if (unlike !== null) return unlike;
    if (bytes.length < at + 5) break;
    const length = bytes.readUInt16BE(at + 3);
    if (length > MAX_RECORD) return { kind: 'other', http: false };
    const content = bytes.subarray(at + 5, at + 5 + length);
    if (content.length < length) break;
    if (bytes[at] === ALERT) return length < 2 ? OTHER : { kind: 'alert', code: content[1] as number };
    handshake.push(content);
    at += 5 + length;
  }
  return readMessages(Buffer.concat(handshake));
}

const OTHER: ServerFlight = { kind: 'other', http: false };

/** The result for bytes that cannot be a TLS record; null if they may be. */
function notTls(record: Buffer, first: boolean): ServerFlight | null {
  const [type, major] = record;
  if (type === undefined) return null;
  if ((type === ALERT || type === HANDSHAKE) && (major === undefined || major === 3)) return null;
  if (!first) return OTHER;
  const start = record.subarray(0, 5).toString('latin1');
  if ('HTTP/'.startsWith(start)) return start.length < 5 ? { kind: 'incomplete' } : { kind: 'other', http: true };
  return OTHER;
}

/** Parses the handshake messages, which may begin and end anywhere in the records. */
function readMessages(bytes: Buffer): ServerFlight {
  let at = 0;
  while (bytes.length >= at + 4) {
    const [type, length] = [bytes[at], bytes.readUIntBE(at + 1, 3)];
    const body = bytes.subarray(at + 4, at + 4 + length);
    // A certificate comes directly after the server's hello, or never (RFC 5246, section 7.3).
    if (type !== CERTIFICATE && type !== SERVER_HELLO) return OTHER;
    if (body.length < length) break;
    if (type === CERTIFICATE) return { kind: 'certificates', list: readCertificates(body) };
    at += 4 + length;
  }
  return { kind: 'incomplete' };
}

function readCertificates(body: Buffer): readonly Buffer[] {
  const list: Buffer[] = [];
  for (let at = 3; body.length >= at + 3 && list.length < MAX_CERTIFICATES; ) {
    const length = body.readUIntBE(at, 3);
    // Copied, so that the whole flight is not kept in memory.
    list.push(Buffer.from(body.subarray(at + 3, at + 3 + length)));
    at += 3 + length;
  }
  return list;
}
