import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { clean } from '../../../engine/text.ts';

/** The first certificate of a chain, which clients judge. Times in ms since the epoch; null if unreadable. */
export type ServedLeaf = {
  /** Common name; null for none. */
  readonly subject: string | null;
  readonly issuer: string | null;
  readonly issuerOrganization: string | null;
  /** The DNS names of its subject alternative names, the only names that browsers accept. At most 100. */
  readonly dnsNames: readonly string[];
  /** Whether these names include the requested name. */
  readonly covers: boolean;
  readonly notBeforeMs: number | null;
  readonly notAfterMs: number | null;
  readonly key: string;
  /** SHA-256, `AB:CD:…`. */
  readonly fingerprint: string;
};

/**
 * Where a chain ends. `public`: at a root that Mozilla trusts. `self-signed`: the leaf is its own issuer. `private`: at
 * a root that was sent and is not public. `open`: the issuer of the last certificate was not sent and is not a public
 * root, so an intermediate is missing or the root is private.
 */
export type ChainState = 'public' | 'self-signed' | 'private' | 'open';

export type ServedChain =
  | {
      readonly kind: 'read';
      readonly leaf: ServedLeaf;
      readonly state: ChainState;
      /** Whether each certificate is followed by its issuer, as TLS requires. Most clients sort them. */
      readonly inOrder: boolean;
      /** Number of certificates that the server sent. */
      readonly length: number;
      /** Common name of the issuer of the last one: the root, which is rarely sent. */
      readonly root: string | null;
    }
  /** The first certificate is not readable, or bytes follow its end, which Go, OpenSSL and browsers refuse. */
  | { readonly kind: 'unreadable'; readonly why: 'no-certificate' | 'not-a-certificate' | 'trailing-data' };

/**
 * Parses what a server sent for a name; `list` and the public roots are DER. Nothing is rejected here, so an expired or
 * foreign certificate is parsed too. Never throws.
 */
export function servedChain(
  list: readonly Buffer[],
  name: string,
  roots: () => readonly Buffer[] = mozillaRoots,
): ServedChain {
  const [first] = list;
  if (first === undefined) return { kind: 'unreadable', why: 'no-certificate' };
  const leaf = parse(first);
  if (leaf === null) return { kind: 'unreadable', why: 'not-a-certificate' };
  if (hasTrailingData(first)) return { kind: 'unreadable', why: 'trailing-data' };
  const others = list.slice(1).flatMap((der) => parse(der) ?? []);
  const { last, ...path } = followChain(leaf, others, roots);
  return { kind: 'read', leaf: leafFact(leaf, name), ...path, length: list.length, root: commonName(last.issuer) };
}

function parse(der: Buffer): X509Certificate | null {
  try {
    return new X509Certificate(der);
  } catch {
    return null;
  }
}

/** Whether bytes follow the outer SEQUENCE. Node ignores them. */
function hasTrailingData(der: Buffer): boolean {
  const [, first = 0] = der;
  const bytes = first < 0x80 ? 0 : first & 0x7f;
  if (bytes > 4 || der.length < 2 + bytes) return false;
  const length = bytes === 0 ? first : der.readUIntBE(2, bytes);
  return der.length > 2 + bytes + length;
}

function leafFact(leaf: X509Certificate, name: string): ServedLeaf {
  return {
    subject: commonName(leaf.subject),
    issuer: commonName(leaf.issuer),
    issuerOrganization: fieldOf(leaf.issuer, 'O'),
    dnsNames: (leaf.subjectAltName ?? '')
      .split(', ')
      .slice(0, 100)
      .flatMap((one) => (one.startsWith('DNS:') ? [clean(one.slice(4).replace(/^"|"$/g, ''), 253)] : [])),
    // Without this option, a certificate without names is judged by its common name, which no browser does.
    covers: leaf.checkHost(name, { subject: 'never' }) !== undefined,
    notBeforeMs: timeOf(leaf.validFrom),
    notAfterMs: timeOf(leaf.validTo),
    key: clean(leaf.publicKey.asymmetricKeyType ?? 'unknown', 20),
    fingerprint: leaf.fingerprint256,
  };
}

function followChain(
  leaf: X509Certificate,
  others: readonly X509Certificate[],
  roots: () => readonly Buffer[],
): { readonly state: ChainState; readonly inOrder: boolean; readonly last: X509Certificate } {
  if (isSelfSigned(leaf)) return { state: 'self-signed', inOrder: true, last: leaf };
  let last = leaf;
  let inOrder = true;
  const left = [...others];
  for (;;) {
    if (isPublic(last, roots())) return { state: 'public', inOrder, last };
    if (isSelfSigned(last)) return { state: 'private', inOrder, last };
    const next = left.findIndex((candidate) => isIssuedBy(last, candidate));
    if (next === -1) return { state: 'open', inOrder, last };
    if (next > 0) inOrder = false;
    last = left.splice(next, 1)[0] as X509Certificate;
  }
}

function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && isIssuedBy(certificate, certificate);
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.issuer === issuer.subject && certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

/**
 * Whether a public root issued it, or it is one. Only roots with its issuer's name are parsed, because parsing all
 * takes 70 ms.
 */
function isPublic(certificate: X509Certificate, roots: readonly Buffer[]): boolean {
  const name = (commonName(certificate.issuer) ?? fieldOf(certificate.issuer, 'O') ?? '').split('\\')[0] ?? '';
  if (name === '') return false;
  return roots.filter((der) => der.includes(name)).some((der) => isIssuedBy(certificate, new X509Certificate(der)));
}

let decodedRoots: readonly Buffer[] | null = null;

/** Mozilla's roots, from this Node. */
function mozillaRoots(): readonly Buffer[] {
  decodedRoots ??= rootCertificates.map((pem) => Buffer.from(pem.replace(/-----[A-Z ]+-----/g, ''), 'base64'));
  return decodedRoots;
}

function commonName(name: string): string | null {
  return fieldOf(name, 'CN');
}

/** A field of a distinguished name in Node's format, which has one field on each line. */
function fieldOf(name: string, field: 'CN' | 'O'): string | null {
  const text = name.split('\n').find((line) => line.startsWith(`${field}=`));
  return text === undefined ? null : clean(text.slice(field.length + 1), 253);
}

/** Parses `Nov 24 11:02:11 2026 GMT`, the format of OpenSSL. */
function timeOf(text: string): number | null {
  const ms = Date.parse(text);
  return Number.isFinite(ms) ? ms : null;
}
