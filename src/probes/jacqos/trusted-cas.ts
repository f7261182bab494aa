import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { failed, type Result, value } from '../../engine/outcome.ts';
import { readText } from '../io/files.ts';
import type { JacqosIo } from './jacqos-probe.ts';

/** The CAs that a connection trusts; null for Node's default CAs. */
export type TrustedCas = {
  readonly ca: string | readonly string[] | null;
  /** For a failed handshake: what is trusted in addition to Node's CAs, and what could not be read. */
  readonly hint: string;
};

/** Larger than any bundle of a distribution, in bytes. */
const MAX_PEM_BYTES = 4 * 1024 * 1024;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The text of a file with at least one certificate in PEM, or why it has none. */
export async function readPem(path: string): Promise<Result<string>> {
  const read = await readText(path, MAX_PEM_BYTES);
  if (read.kind === 'failed') return read;
  try {
    const certificates = (read.text.match(CERTIFICATE) ?? []).map((pem) => new X509Certificate(pem));
    if (certificates.length > 0) return value(read.text);
  } catch {}
  return failed('unreadable', 'read', `${path}: no certificate in PEM`);
}

/**
 * The CAs of `--ca-cert`, and of SSL_CERT_FILE as OpenSSL, curl and Go read it, in addition to Node's. Node adds those
 * of NODE_EXTRA_CA_CERTS itself, but not to an explicit list.
 */
export async function trustedCas({ settings, env }: JacqosIo): Promise<TrustedCas> {
  if (settings.ca !== null) return { ca: settings.ca, hint: '' };
  const extra = env['NODE_EXTRA_CA_CERTS'] || null;
  const openssl = env['SSL_CERT_FILE'] || null;
  const named = [
    ...(openssl === null ? [] : [{ source: 'SSL_CERT_FILE', path: openssl }]),
    ...(extra === null ? [] : [{ source: 'NODE_EXTRA_CA_CERTS', path: extra }]),
  ];
  const read = await Promise.all(named.map(async (one) => ({ ...one, pem: await readPem(one.path) })));
  const unread = read.flatMap(({ source, pem }) => (pem.kind === 'failed' ? [`${source}: ${pem.failure.detail}`] : []));
  const trusted = [
    ...(settings.caCert === null ? [] : ['--ca-cert']),
    ...read.flatMap(({ source, pem }) => (pem.kind === 'value' ? [source] : [])),
  ];
  const also = trusted.length === 0 ? '' : `; ${trusted.join(', ')} ${trusted.length === 1 ? 'is' : 'are'} trusted too`;
  const failures = unread.length === 0 ? '' : `; not read: ${unread.join(', ')}`;
  const advice = 'if a proxy of this network signs it, name its CA in PEM with --ca-cert or NODE_EXTRA_CA_CERTS';
  const hint = `${also}${failures}; ${advice}`;
  if (settings.caCert === null && openssl === null) return { ca: null, hint };
  const given = [settings.caCert, ...read.map(({ pem }) => (pem.kind === 'value' ? pem.value : null))];
  return { ca: [...rootCertificates, ...given.filter((pem) => pem !== null)], hint };
}

/** Codes of a certificate whose issuer is not trusted. */
const UNTRUSTED: readonly (string | null)[] = ['untrusted', 'self-signed'];

/** The detail of a failed request. If an issuer was not trusted, it includes what is trusted. */
export function withTrustHint(
  failure: { readonly code: string | null; readonly detail: string },
  { hint }: TrustedCas,
): string {
  return UNTRUSTED.includes(failure.code) ? `${failure.detail}${hint}` : failure.detail;
}
