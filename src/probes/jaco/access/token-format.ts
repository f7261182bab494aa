/**
 * What is wrong with the form of a token, without revealing it. Tokens are 64 lower-case hex digits
 * (docs/jaco-daemon/control.md#tokens).
 */
export type TokenFormat = {
  readonly kind: 'right' | 'scheme-word' | 'blanks' | 'upper-case' | 'other';
  readonly characters: number;
};

export function tokenFormat(token: string): TokenFormat {
  const characters = token.length;
  if (/^(?:bearer|basic)\b/i.test(token.trim())) return { kind: 'scheme-word', characters };
  if (/[\s\u0000-\u001f\u007f\u00a0]/.test(token)) return { kind: 'blanks', characters };
  if (/^[0-9a-f]{64}$/.test(token)) return { kind: 'right', characters };
  return { kind: /^[0-9a-f]{64}$/i.test(token) ? 'upper-case' : 'other', characters };
}

/** The same in words. */
export function describeTokenFormat({ kind, characters }: TokenFormat): string {
  switch (kind) {
    case 'right':
      return 'it has the shape of a token: 64 lower-case hex digits';
    case 'scheme-word':
      return 'it begins with the word Bearer or Basic; give only the token';
    case 'blanks':
      return `it has ${characters} characters with a blank, a line end or another invisible one among them; a token is 64 hex digits`;
    case 'upper-case':
      return 'it has capital letters; a token is 64 lower-case hex digits, and case counts';
    case 'other':
      return `it has ${characters} characters; a token is 64 lower-case hex digits`;
  }
}
