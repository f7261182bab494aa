/** Breaks text at blanks into lines of `width` characters at most; a longer word keeps a line of its own. */
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

/** Text behind a label, its further lines under its first. */
export function hang(label: string, text: string, width: number): string[] {
  const pad = ' '.repeat(label.length);
  return wrap(text, Math.max(20, width - label.length)).map((line, index) => (index === 0 ? label : pad) + line);
}

/** Cuts a line that must stay one line. */
export function fit(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

const PLAIN_WORD = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** A command as a shell would take it: words with anything but plain characters stand in single quotes. */
export function shellLine(argv: readonly string[]): string {
  return argv.map((word) => (PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}
