/** What a text of unknown origin may hold that looks like a secret, and what stands in its place. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
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

/** Takes what has the shape of a secret out of a text nobody vouches for. Known values are the vault's business. */
export function redactShapes(text: string): string {
  return SHAPES.reduce((kept, [shape, instead]) => kept.replace(shape, instead), text);
}
