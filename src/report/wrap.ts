/** Breaks text at blanks into lines of at most `width` characters. A longer word gets its own line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** Text behind a label. Further lines begin under its first word. */
export function hang(label: string, text: string, width: number): string[] {
  const pad = ' '.repeat(label.length);
  return wrap(text, Math.max(20, width - label.length)).map((line, index) => (index === 0 ? label : pad) + line);
}

/**
 * Text behind a label in about `most` lines. It ends after a whole sentence, because half an instruction misleads. Only a sentence
 * of more than twice that length is cut, between two words.
 */
export function brief(label: string, text: string, width: number, most: number): string[] {
  const all = hang(label, text, width);
  if (all.length <= most) return all;
  const sentences = text.split(/(?<=[.!?]) (?=\p{Lu})/u);
  let kept = sentences[0] ?? '';
  for (const sentence of sentences.slice(1)) {
    const longer = `${kept} ${sentence}`;
    if (hang(label, `${longer} …`, width).length > most) break;
    kept = longer;
  }
  const lines = kept === text ? all : hang(label, `${kept} …`, width);
  if (lines.length <= 2 * most) return lines;
  const last = lines[2 * most - 1] ?? '';
  return [...lines.slice(0, 2 * most - 1), last.length + 2 <= width ? `${last} …` : last.replace(/ \S*$/, ' …')];
}

/** Cuts a text that must stay one line. */
export function fit(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

const PLAIN_WORD = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** A command in the form that a shell takes. Words with special characters are in single quotes. */
export function shellLine(argv: readonly string[]): string {
  return argv.map((word) => (PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}
