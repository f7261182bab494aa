import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Node as YamlNode } from 'yaml';

/** The position of a node, counted from 1. */
type Position = { readonly line: number; readonly column: number };

export type Scalar = Position & {
  readonly kind: 'scalar';
  readonly value: string;
  readonly quoted: boolean;
  readonly tag: string | null;
};

/** A YAML node as Go's yaml.v3 parses it: scalars as written, keys in order and possibly twice. */
export type YamlTree =
  | Scalar
  | (Position & {
      readonly kind: 'map';
      readonly pairs: readonly { readonly key: YamlTree; readonly value: YamlTree }[];
    })
  | (Position & { readonly kind: 'seq'; readonly items: readonly YamlTree[] });

/** A text that the daemon's YAML parser rejects completely. */
export class YamlError extends Error {
  readonly position: Position | null;
  constructor(message: string, position: Position | null = null) {
    super(message);
    this.position = position;
  }
}

// The daemon's words for errors that both parsers report. Other errors have this library's words.
const WORDS: { readonly [code: string]: string } = {
  TAB_AS_INDENT: 'found a tab character that violates indentation',
  BLOCK_AS_IMPLICIT_KEY: 'mapping values are not allowed in this context',
  MULTILINE_IMPLICIT_KEY: "could not find expected ':'",
  BAD_INDENT: 'did not find expected key',
  BAD_ALIAS: 'did not find expected alphabetic or numeric character',
  MISSING_CHAR: 'did not find expected key',
};

/** Deeper nesting or more aliases are an attack and not a configuration. */
const MAX_DEPTH = 50;
const MAX_NODES = 10_000;

/** The first document; null if the text has none (empty, or only comments). Throws {@link YamlError}. */
export function parseYaml(text: string): YamlTree | null {
  const lines = new LineCounter();
  const [document] = parseAllDocuments(text, {
    lineCounter: lines,
    schema: 'failsafe',
    uniqueKeys: false,
    merge: false,
    keepSourceTokens: false,
    logLevel: 'silent',
    prettyErrors: false,
    strict: false,
  });
  if (document === undefined || !('contents' in document)) return null;
  const position = (offset: number | undefined): Position => {
    const { line, col } = lines.linePos(offset ?? 0);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const [error] = document.errors;
  if (error !== undefined) {
    const at = position(error.pos[0]);
    throw new YamlError(`line ${at.line}: ${WORDS[error.code] ?? error.message.split('\n')[0]}`, at);
  }
  if (document.contents === null && isBlank(text)) return null;
  return convert(document.contents, position);
}

/** Whether the text is only comments and white space, so that no document begins. */
function isBlank(text: string): boolean {
  return text.split(/\r?\n/).every((line) => /^\ufeff?\s*(#.*)?$/.test(line));
}

function convert(contents: unknown, position: (offset: number | undefined) => Position): YamlTree {
  let nodes = 0;
  // The library resolves an alias by walking the whole document, which takes minutes if there are many.
  const anchors = new Map<string, unknown>();
  const visited = new Set<unknown>();
  const empty = (at: Position): YamlTree => ({ ...at, kind: 'scalar', value: '', quoted: false, tag: null });
  const visit = (node: unknown, depth: number, above: Position): YamlTree => {
    nodes += 1;
    if (depth > MAX_DEPTH || nodes > MAX_NODES) throw new YamlError('document contains excessive aliasing');
    if (node === null || node === undefined) return empty(above);
    const at = position((node as YamlNode).range?.[0]);
    const { anchor } = node as { anchor?: string };
    if (anchor !== undefined && !visited.has(node)) anchors.set(anchor, node);
    visited.add(node);
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target === undefined) throw new YamlError(`unknown anchor '${node.source}' referenced`, at);
      return visit(target, depth + 1, at);
    }
    if (isMap(node)) {
      const pairs = node.items.map(({ key, value }) => ({
        key: visit(key, depth + 1, at),
        value: visit(value, depth + 1, at),
      }));
      return { ...at, kind: 'map', pairs };
    }
    if (isSeq(node)) return { ...at, kind: 'seq', items: node.items.map((item) => visit(item, depth + 1, at)) };
    if (!isScalar(node)) return empty(at);
    const quoted = node.type !== 'PLAIN';
    return { ...at, kind: 'scalar', value: String(node.source ?? node.value ?? ''), quoted, tag: shortTag(node.tag) };
  };
  return visit(contents, 0, { line: 1, column: 1 });
}

function shortTag(tag: string | undefined): string | null {
  if (tag === undefined || tag === '!') return null;
  return tag.replace(/^tag:yaml\.org,2002:/, '!!');
}
