import type { JacqosIo } from './jacqos-probe.ts';

/** The kind of secret that a text seems to hold. */
export type SecretKind =
  | 'the runtime token'
  | 'the AgentMail key'
  | 'the invite code'
  | 'a private key'
  | 'a signed token'
  | 'a bearer value'
  | 'a credential by its key';

/** Variables with secret values (docs/jacqos.md#files-and-variables). */
const SECRET_VARIABLES = [
  ['JACQOS_RUNTIME_TOKEN', 'the runtime token'],
  ['JACQOS_AUTH_TESTING_EMAIL_API_KEY', 'the AgentMail key'],
  ['JACQOS_CLOUD_INVITE_CODE', 'the invite code'],
] as const;

/**
 * Keys whose whole name means a credential. The folder may hold digests and metadata of tokens, so `token_id`,
 * `token_digest`, and values that look like a digest or a redaction do not count.
 */
const CREDENTIAL_KEY =
  /["']?\b(?:runtime_?token|access_?token|refresh_?token|id_?token|session_?token|client_?secret|api_?key|private_?key|password|secret)["']?\s*[:=]\s*["']([^"'\n]{16,4096})["']/gi;
const DIGEST = /^(?:sha\d+[:=-])?[0-9a-f]{32,128}$/i;
const REDACTED = /redacted|\*{3}|^<.*>$|^\[.*\]$|^x+$/i;

/** The kind of the first secret in the text of a file; null for none. Values are not kept. */
export function findSecret(text: string, env: JacqosIo['env']): SecretKind | null {
  for (const [name, kind] of SECRET_VARIABLES) {
    const value = (env[name] ?? '').trim();
    // A short value may occur in a text by chance.
    if (value.length >= 12 && text.includes(value)) return kind;
  }
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return 'a private key';
  if (/\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/.test(text)) return 'a signed token';
  const bearer = /\bbearer\s+([\w.~+/=-]{16,})/i.exec(text)?.[1];
  if (bearer !== undefined && !REDACTED.test(bearer)) return 'a bearer value';
  for (const [, value = ''] of text.matchAll(CREDENTIAL_KEY))
    if (!DIGEST.test(value) && !REDACTED.test(value)) return 'a credential by its key';
  return null;
}
