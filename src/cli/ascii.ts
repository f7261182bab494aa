/** Characters of our own texts, and what stands for them where only ASCII can be shown. */
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

/** Whether the terminal or the locale shows ASCII only: TERM=dumb, or the locale C or POSIX is asked for. */
export function isAsciiOnly(env: { readonly [name: string]: string | undefined }): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return env['TERM'] === 'dumb' || locale === 'C' || locale === 'POSIX';
}

/** A text for a person, in ASCII where nothing else can be shown. A character without a counterpart becomes a question mark. */
export function showable(text: string, env: { readonly [name: string]: string | undefined }): string {
  if (!isAsciiOnly(env)) return text;
  return text
    .replace(/[^\x00-\x7f]/g, (character) => INSTEAD[character] ?? character)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x00-\x7f]/gu, '?');
}
