import { createSecureContext, type SecureContext } from 'node:tls';

const contexts = new Map<string | null, SecureContext>();

/**
 * The TLS context that trusts this CA, in PEM; null: Node's CAs. Each is made once, because that takes 2 ms and 64
 * members are asked with the same CA. Throws if the text is not a certificate.
 */
export function secureContextOf(ca: string | null): SecureContext {
  const existing = contexts.get(ca);
  if (existing !== undefined) return existing;
  const made = createSecureContext(ca === null ? {} : { ca });
  contexts.set(ca, made);
  return made;
}
