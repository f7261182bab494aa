import type { JacqosIo } from '../io.ts';

/** What something looks like that should not lie readable in a file. */
export type SecretKind =
  | 'the runtime token'
  | 'the AgentMail key'
  | 'the invite code'
  | 'a private key'
  | 'a signed token'
  | 'a bearer value'
  | 'a credential by its key';

/** Variables whose values are secrets (docs/jacqos.md#files-and-variables). */
const HELD = [
  ['JACQOS_RUNTIME_TOKEN', 'the runtime token'],
  ['JACQOS_AUTH_TESTING_EMAIL_API_KEY', 'the AgentMail key'],
  ['JACQOS_CLOUD_INVITE_CODE', 'the invite code'],
] as const;

/**
 * Keys that by their whole name hold a credential. The folder rightly holds digests and metadata of tokens, so `token_id` and
 * `token_digest` are none, and neither is a value that reads like a digest or like something left out.
 */
const BY_KEY =
  /["']?\b(?:runtime_?token|access_?token|refresh_?token|id_?token|session_?token|client_?secret|api_?key|private_?key|password|secret)["']?\s*[:=]\s*["']([^"'\n]{16,4096})["']/gi;
const DIGEST = /^(?:sha\d+[:=-])?[0-9a-f]{32,128}$/i;
const LEFT_OUT = /redacted|\*{3}|^<.*>$|^\[.*\]$|^x+$/i;

/** What of a file's text looks like a secret, the first of it; null for nothing. Values are looked at and not kept. */
export function secretIn(text: string, env: JacqosIo['env']): SecretKind | null {
  for (const [name, kind] of HELD) {
    const value = (env[name] ?? '').trim();
    // A short value is in innocent text too.
    if (value.length >= 12 && text.includes(value)) return kind;
  }
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return 'a private key';
  if (/\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/.test(text)) return 'a signed token';
  const bearer = /\bbearer\s+([\w.~+/=-]{16,})/i.exec(text)?.[1];
  if (bearer !== undefined && !LEFT_OUT.test(bearer)) return 'a bearer value';
  for (const [, value = ''] of text.matchAll(BY_KEY))
    if (!DIGEST.test(value) && !LEFT_OUT.test(value)) return 'a credential by its key';
  return null;
}
