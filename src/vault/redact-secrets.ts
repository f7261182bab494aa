/** Patterns that look like a secret in an untrusted text, and their replacements. */
const SECRET_PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[private key]'],
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, '$1 [redacted]'],
  [/\beyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]*/g, '[redacted]'],
  [/:\/\/[^\s/:@]*:[^\s/@]+@/g, '://[redacted]@'],
  [
    /((?:token|secret|passw(?:or)?d|passphrase|api[-_ ]?key|private[-_ ]?key|credential)s?["']?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s"',;]+)/gi,
    '$1[redacted]',
  ],
  [/\b[0-9a-f]{32,}\b/gi, '[redacted]'],
];

/** Redacts everything that looks like a secret in an untrusted text. The vault redacts known values. */
export function redactSecrets(text: string): string {
  return SECRET_PATTERNS.reduce((kept, [pattern, replacement]) => kept.replace(pattern, replacement), text);
}

const SECRET_NAME = /(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|PRIVATE_KEY|INVITE_CODE|CREDENTIALS?)$/i;

/** Whether the name of a variable says that its value is a secret. */
export function isSecretName(variable: string): boolean {
  return SECRET_NAME.test(variable);
}
