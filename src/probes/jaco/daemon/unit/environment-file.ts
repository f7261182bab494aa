const WHITESPACE = ' \t\r';

/**
 * The variables of a file of EnvironmentFile=, with systemd's own rules (systemd.exec(5)): `#` and `;` begin a comment,
 * a backslash continues a line, quotes may surround parts of a value. A line such as `export A=b` has no valid name and
 * is left out.
 */
export function parseEnvironmentFile(text: string): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  let at = 0;
  while (at < text.length) {
    const line = readAssignment(text, at);
    at = line.end;
    if (line.name !== null && /^[A-Za-z_][A-Za-z0-9_]*$/.test(line.name)) variables.set(line.name, line.value);
  }
  return variables;
}

type Assignment = { readonly name: string | null; readonly value: string; readonly end: number };

function readAssignment(text: string, from: number): Assignment {
  let at = from;
  while (at < text.length && `${WHITESPACE}\n`.includes(text[at] as string)) at += 1;
  const lineEnd = endOfLine(text, at);
  const equals = text.indexOf('=', at);
  if ('#;'.includes(text[at] ?? '#') || equals < 0 || equals > lineEnd)
    return { name: null, value: '', end: lineEnd + 1 };
  return { name: text.slice(at, equals).trimEnd(), ...readValue(text, equals + 1) };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** Quotes count only at the beginning of a value or after a quoted part. Blanks around a part are dropped. */
function readValue(text: string, from: number): { readonly value: string; readonly end: number } {
  let value = '';
  let at = from;
  while (at < text.length && text[at] !== '\n') {
    const character = text[at] as string;
    if (WHITESPACE.includes(character)) at += 1;
    else if (character === "'" || character === '"') {
      const part = readQuoted(text, at);
      value += part.value;
      at = part.end;
    } else {
      const part = readBare(text, at);
      return { value: value + part.value, end: part.end };
    }
  }
  return { value, end: at + 1 };
}

function readQuoted(text: string, from: number): { readonly value: string; readonly end: number } {
  const quote = text[from];
  let value = '';
  let at = from + 1;
  for (; at < text.length && text[at] !== quote; at += 1) {
    const next = text[at + 1];
    if (quote === "'" || text[at] !== '\\' || next === undefined) value += text[at];
    else {
      if (!'"\\`$\n'.includes(next)) value += '\\';
      if (next !== '\n') value += next;
      at += 1;
    }
  }
  return { value, end: at + 1 };
}

function readBare(text: string, from: number): { readonly value: string; readonly end: number } {
  let value = '';
  let at = from;
  for (; at < text.length && text[at] !== '\n'; at += 1) {
    const isEscape = text[at] === '\\' && at + 1 < text.length;
    if (isEscape) at += 1;
    if (!isEscape || text[at] !== '\n') value += text[at];
  }
  return { value: value.replace(/[ \t\r]+$/, ''), end: at + 1 };
}
