/** Told what stands in a document, in the order in which it stands. Every `open` is followed by its `close`. */
export type JsonSink = {
  readonly open: (kind: 'object' | 'array') => void;
  readonly key: (name: string) => void;
  readonly scalar: (value: string | number | boolean | null) => void;
  readonly close: () => void;
};

/** Where a scan ended. A `broken` document was followed up to there: it was cut off, or something was printed into it. */
export type Scanned = { readonly end: number; readonly state: 'whole' | 'broken' };

/** Characters that may be looked at in vain, over all attempts on one text: hostile brackets then cost no more than this. */
export type Patience = { left: number };

/** Deeper than any document that means something; a bound for memory, and no limit of any format. */
const MAX_DEPTH = 500;
const BLANKS = /[\s\ufeff]*/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y;
const BARE = /[A-Za-z_$][\w$-]*/y;
const LITERALS: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['True', true],
  ['False', false],
  ['None', null],
  ['undefined', null],
]);

/**
 * Follows one object or array that begins at `at`; null where none does, and what the sink was told then counts for
 * nothing. Takes what programs print for JSON as well: single quotes, bare keys, a comma at the end, Python's literals.
 * Unlike JSON.parse it tells a key that stands twice twice, and leaves integer keys in their place. Linear, not recursive.
 */
export function scanJson(text: string, at: number, sink: JsonSink, patience: Patience): Scanned | null {
  if (patience.left <= 0) return null;
  const open: ('object' | 'array')[] = [];
  let next: 'value' | 'key' | 'end' = 'value';
  let certain = false;
  let here = at;
  /** Whether a value or an end was taken; false where something else stands. */
  const step = (): boolean => {
    const sign = text[here];
    if (next !== 'value' || open.at(-1) === 'array') {
      if (sign === (open.at(-1) === 'object' ? '}' : ']') && open.length > 0) {
        here += 1;
        open.pop();
        sink.close();
        next = 'end';
        return true;
      }
    }
    if (next === 'end') {
      if (sign !== ',') return false;
      here += 1;
      next = open.at(-1) === 'object' ? 'key' : 'value';
      return true;
    }
    if (next === 'key') return takeKey();
    if (sign === '{' || sign === '[') {
      if (open.length >= MAX_DEPTH) return false;
      here += 1;
      open.push(sign === '{' ? 'object' : 'array');
      sink.open(sign === '{' ? 'object' : 'array');
      next = sign === '{' ? 'key' : 'value';
      return true;
    }
    return takeScalar();
  };
  const takeKey = (): boolean => {
    const quoted = stringAt(text, here);
    const name = quoted?.value ?? match(BARE, text, here);
    if (name === null) return false;
    const colon = blanksEnd(text, quoted?.end ?? here + name.length);
    if (text[colon] !== ':') return false;
    // Brackets and bare words stand in prose as well; a quoted key with its colon does not.
    certain ||= quoted !== null;
    here = colon + 1;
    next = 'value';
    sink.key(name);
    return true;
  };
  const takeScalar = (): boolean => {
    const quoted = stringAt(text, here);
    const number = quoted === null ? match(NUMBER, text, here) : null;
    const word = quoted === null && number === null ? match(BARE, text, here) : null;
    if (quoted !== null) sink.scalar(quoted.value);
    else if (number !== null) sink.scalar(Number(number));
    else if (word !== null && LITERALS.has(word)) sink.scalar(LITERALS.get(word) ?? null);
    else return false;
    here = quoted?.end ?? here + (number ?? word ?? '').length;
    next = 'end';
    return true;
  };
  let sound = true;
  do {
    here = blanksEnd(text, here);
    sound = step();
  } while (sound && open.length > 0 && here < text.length);
  if (sound && open.length === 0) return { end: here, state: 'whole' };
  patience.left -= here - at + 1;
  if (!certain) return null;
  for (; open.length > 0; open.pop()) sink.close();
  return { end: here, state: 'broken' };
}

function blanksEnd(text: string, at: number): number {
  BLANKS.lastIndex = at;
  BLANKS.test(text);
  return BLANKS.lastIndex;
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

/** A quoted string that begins at `at`, unescaped, and the place behind its closing quote. */
function stringAt(text: string, at: number): { value: string; end: number } | null {
  const quote = text[at];
  if (quote !== '"' && quote !== "'") return null;
  let end = text.indexOf(quote, at + 1);
  for (; end !== -1; end = text.indexOf(quote, end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) break;
  }
  if (end === -1) return null;
  const raw = text.slice(at + 1, end);
  // A string of JSON ends on its own line; what does not is prose with a quotation mark in it.
  if (raw.includes('\n')) return null;
  return { value: raw.includes('\\') ? unescaped(raw) : raw, end: end + 1 };
}

const ESCAPES: { readonly [letter: string]: string } = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

function unescaped(raw: string): string {
  return raw.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (_, code: string | undefined, letter: string) =>
    code === undefined ? (ESCAPES[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
