/** Texts longer than this, in characters, were not folded by a terminal or a mail program. */
const MAX_FOLDED = 1024 * 1024;
const QUOTE = /^[ \t]*(?:>[ \t]?)+/gm;
/** A line that was typed after a prompt: a program with its arguments. */
const TYPED =
  /^[ \t]*>[ \t]+(?:sudo\s+)?(?:(?:npm|npx|node|git|echo|curl|docker)\b|[\w./-]+(?:[ \t]+[\w./=-]+)*[ \t]--?\w)/;

/** Removes the `> ` with which mails and issues quote a text. A line that was typed after such a prompt keeps it. */
export function unquoteLines(text: string): string {
  if (!text.includes('>')) return text;
  return text.replace(QUOTE, (quote, at: number) => {
    const end = text.indexOf('\n', at);
    return TYPED.test(text.slice(at, Math.min(end === -1 ? text.length : end, at + 200))) ? quote : '';
  });
}

/**
 * Joins lines that were folded at one width; null if the text was not folded. Every text has a longest line, so the
 * result is only one way to read it.
 */
export function unfoldLines(text: string): string | null {
  if (text.length > MAX_FOLDED) return null;
  const lines = text.split('\n');
  const width = lines.reduce((longest, line) => Math.max(longest, line.length), 0);
  if (width < 20 || width > 250) return null;
  const joined = lines
    .map((line, at) => (line.length === width && at < lines.length - 1 ? line : `${line}\n`))
    .join('');
  return joined.length === text.length + 1 ? null : joined.slice(0, -1);
}

/**
 * The text of a file in UTF-8, or in UTF-16 as PowerShell's `>` writes it. UTF-16 is detected by its byte order mark,
 * else by the zero bytes of its ASCII letters. The mark is removed.
 */
export function decodeText(bytes: Buffer): string {
  const [first, second, , fourth] = bytes;
  const even = bytes.subarray(0, bytes.length & ~1);
  const isMarked = first === 0xff && second === 0xfe;
  const text =
    isMarked || (bytes.length > 3 && first !== 0 && second === 0 && fourth === 0)
      ? even.toString('utf16le')
      : first === 0xfe && second === 0xff
        ? Buffer.from(even).swap16().toString('utf16le')
        : bytes.toString('utf8');
  return text.replace(/^\ufeff/, '');
}
