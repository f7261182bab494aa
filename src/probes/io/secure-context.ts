import { createSecureContext, type SecureContext } from 'node:tls';

const contexts = new Map<string | null, SecureContext>();

/**
 * The TLS context that trusts this CA, in PEM; null: the CAs of Node. Each is made once: making one takes 2 ms, and 64 members are
 * asked with the same CA. Throws if the text is no certificate.
 */
export function secureContextOf(ca: string | null): SecureContext {
  const existing = contexts.get(ca);
  if (existing !== undefined) return existing;
  const made = createSecureContext(ca === null ? {} : { ca });
  contexts.set(ca, made);
  return made;
}
