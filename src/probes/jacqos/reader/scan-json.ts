/** Receives the parts of a document in their order. Every `open` is followed by its `close`. */
export type JsonSink = {
  readonly open: (kind: 'object' | 'array') => void;
  readonly key: (name: string) => void;
  readonly scalar: (value: string | number | boolean | null) => void;
  readonly close: () => void;
};

/** Where a scan ended. A `broken` document was read up to there: it is truncated, or other output interrupts it. */
export type ScanResult = { readonly end: number; readonly state: 'whole' | 'broken' };

/** Characters that failed scans of one text may read in total, so that hostile brackets cannot take longer. */
export type ScanBudget = { remaining: number };

/** Deeper than any useful document. It bounds memory; no format has this limit. */
const MAX_DEPTH = 500;
const BLANKS = /[\s\ufeff]*/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y;
const BARE_WORD = /[A-Za-z_$][\w$-]*/y;
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
 * Scans one object or array that starts at `at`. Null if none starts there; then ignore what the sink received. Accepts
 * what programs print as JSON: single quotes, bare keys, trailing commas, Python literals. Unlike JSON.parse it reports
 * duplicate keys and keeps the order of integer keys. Linear, not recursive.
 */
export function scanJson(text: string, at: number, sink: JsonSink, budget: ScanBudget): ScanResult | null {
  if (budget.remaining <= 0) return null;
  const stack: ('object' | 'array')[] = [];
  let next: 'value' | 'key' | 'end' = 'value';
  let isDocument = false;
  let position = at;
  /** Reads one token; false if the text has none that fits. */
  const takeNext = (): boolean => {
    const character = text[position];
    if (next !== 'value' || stack.at(-1) === 'array') {
      if (character === (stack.at(-1) === 'object' ? '}' : ']') && stack.length > 0) {
        position += 1;
        stack.pop();
        sink.close();
        next = 'end';
        return true;
      }
    }
    if (next === 'end') {
      if (character !== ',') return false;
      position += 1;
      next = stack.at(-1) === 'object' ? 'key' : 'value';
      return true;
    }
    if (next === 'key') return takeKey();
    if (character === '{' || character === '[') {
      if (stack.length >= MAX_DEPTH) return false;
      position += 1;
      stack.push(character === '{' ? 'object' : 'array');
      sink.open(character === '{' ? 'object' : 'array');
      next = character === '{' ? 'key' : 'value';
      return true;
    }
    return takeScalar();
  };
  const takeKey = (): boolean => {
    const quoted = readString(text, position);
    const name = quoted?.value ?? matchAt(BARE_WORD, text, position);
    if (name === null) return false;
    const colon = skipBlanks(text, quoted?.end ?? position + name.length);
    if (text[colon] !== ':') return false;
    // Brackets and bare words also occur in prose; a quoted key with a colon does not.
    isDocument ||= quoted !== null;
    position = colon + 1;
    next = 'value';
    sink.key(name);
    return true;
  };
  const takeScalar = (): boolean => {
    const quoted = readString(text, position);
    const number = quoted === null ? matchAt(NUMBER, text, position) : null;
    const word = quoted === null && number === null ? matchAt(BARE_WORD, text, position) : null;
    if (quoted !== null) sink.scalar(quoted.value);
    else if (number !== null) sink.scalar(Number(number));
    else if (word !== null && LITERALS.has(word)) sink.scalar(LITERALS.get(word) ?? null);
    else return false;
    position = quoted?.end ?? position + (number ?? word ?? '').length;
    next = 'end';
    return true;
  };
  let isValid = true;
  do {
    position = skipBlanks(text, position);
    isValid = takeNext();
  } while (isValid && stack.length > 0 && position < text.length);
  if (isValid && stack.length === 0) return { end: position, state: 'whole' };
  budget.remaining -= position - at + 1;
  if (!isDocument) return null;
  for (; stack.length > 0; stack.pop()) sink.close();
  return { end: position, state: 'broken' };
}

function skipBlanks(text: string, at: number): number {
  BLANKS.lastIndex = at;
  BLANKS.test(text);
  return BLANKS.lastIndex;
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

/** The unescaped quoted string that starts at `at`, and the position after its closing quote. */
function readString(text: string, at: number): { value: string; end: number } | null {
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
  // A JSON string ends on its line; otherwise this is prose with a quotation mark.
  if (raw.includes('\n')) return null;
  return { value: raw.includes('\\') ? unescapeString(raw) : raw, end: end + 1 };
}

const ESCAPES: { readonly [letter: string]: string } = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

function unescapeString(raw: string): string {
  return raw.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (_, code: string | undefined, letter: string) =>
    code === undefined ? (ESCAPES[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
