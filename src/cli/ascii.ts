/** ASCII replacements for the non-ASCII characters of our own texts. */
const INSTEAD: Readonly<Record<string, string>> = {
  '…': '...',
  '·': '-',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '→': '->',
  '×': 'x',
  µ: 'u',
};

/** Whether the terminal or the locale can show only ASCII: TERM=dumb, or the locale C or POSIX. */
export function isAsciiOnly(env: { readonly [name: string]: string | undefined }): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return env['TERM'] === 'dumb' || locale === 'C' || locale === 'POSIX';
}

/**
 * Converts a text for a person to ASCII if nothing else can be shown. A character without a replacement becomes a
 * question mark.
 */
export function asciiIfNeeded(text: string, env: { readonly [name: string]: string | undefined }): string {
  if (!isAsciiOnly(env)) return text;
  return text
    .replace(/[^\x00-\x7f]/g, (character) => INSTEAD[character] ?? character)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x00-\x7f]/gu, '?');
}
