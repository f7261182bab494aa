import { type JacoId, jacoIds } from '../../catalog/generated/ids.ts';
import { unfoldLines, unquoteLines } from '../../engine/plain-lines.ts';

/** What a failed command's output reports, in the order of the output. */
export type FoundIds = {
  readonly ids: readonly JacoId[];
  /** Codes in the output that the catalogue does not contain, unchanged; never replaced by a similar one. */
  readonly unrecognised: readonly string[];
};

/** Faults that the output describes without a code. */
const SIGNATURES: readonly { readonly id: JacoId; readonly says: RegExp }[] = [
  { id: 'environment_file_unreadable', says: /\bload environment file / },
  { id: 'required_variable_missing', says: /required variable \S{1,100} is missing a value/ },
  { id: 'variable_template_invalid', says: /at line \d{1,9} col \d{1,9}: invalid template/ },
  { id: 'output_format_unsupported', says: /output format "[^"]{0,200}" not implemented yet/ },
  { id: 'unknown_service', says: /jaco service "[^"]{0,200}" is not defined in the compose file/ },
  { id: 'unknown_service', says: /service "[^"]{0,200}" not found in the compose file/ },
  { id: 'unknown_service', says: /references unknown service "/ },
  {
    id: 'legacy_compose_field',
    says: /unsupported compose field "(?:log_driver|log_opt|net|volume_driver|dockerfile)"/,
  },
  { id: 'legacy_compose_field', says: /is a v1\/v2 spelling dropped from the modern spec/ },
  { id: 'env_file_unresolved', says: /env_file must be resolved client-side before apply/ },
  { id: 'dns_forwarder_loop', says: /configuring it as an upstream would create a forwarding loop/ },
  { id: 'dns_no_upstreams', says: /dns: no upstream resolvers configured/ },
  { id: 'token_missing', says: /missing authorization header|authorization header must use Bearer scheme/ },
  // The proxy's lines, as in a journal. A reload ends orders without a fault (docs/jaco-daemon/ingress.md#acme-errors).
  {
    id: 'cert_failed',
    says: /could not get certificate from issuer(?!.*(?:context canceled|stopping apps|key does not exist))/,
  },
  { id: 'cert_failed', says: /urn:ietf:params:acme:error:[a-z]/i },
  // The proxy's own lines (docs/jaco-daemon/ingress.md#port-conflicts, docs/jaco-daemon/ingress.md#routing).
  { id: 'ingress_port_conflict', says: /caddy\.Load\b.{0,300}bind: address already in use/ },
  { id: 'ingress_load_failed', says: /caddy\.Load\b.{0,300}bind: permission denied/ },
  { id: 'route_no_upstreams', says: /"http\.log\.error".{0,100}"no upstreams available"/ },
  {
    id: 'route_upstream_unreachable',
    says: /"http\.log\.error".{0,100}"dial tcp [^"]{1,100}: (?:connect: |i\/o timeout)/,
  },
  { id: 'isolation_unavailable', says: /\[ISOLATION_UNAVAILABLE,|\bNODE_STATUS_ISOLATION_UNAVAILABLE\b/ },
];
/** Codes that the daemon gives instead of a more exact one; the first is then left out. */
const INSTEAD: Readonly<Partial<Record<JacoId, JacoId>>> = {
  unknown_service: 'validation_failed',
  legacy_compose_field: 'validation_failed',
  env_file_unresolved: 'validation_failed',
  token_missing: 'token_invalid',
};
const KNOWN: ReadonlySet<string> = new Set(jacoIds);
const MAX_CHARACTERS = 10 * 1024 * 1024;
/** A longer line is not a message of JACO. Signatures are not searched beyond this. */
const MAX_LINE = 4096;
const MAX_UNRECOGNISED = 20;
/** No id or code is shorter, so a file of line ends costs nothing. */
const SHORTEST = Math.min(...jacoIds.map((id) => id.length));

/**
 * All ids that occur as whole words in the output of a failed command. An audit listing is left out, because its words
 * are history. Quotes (`> `) are removed, and lines that were folded at one width are joined. The run time is linear in
 * the length of the text, of which the first 10 MB are read.
 */
export function findIdsInText(text: string): FoundIds {
  const unquoted = unquoteLines(text.slice(0, MAX_CHARACTERS));
  const found = findIds(unquoted);
  const unfolded = unfoldLines(unquoted);
  const other = unfolded === null ? found : findIds(unfolded);
  return other.ids.some((id) => !found.ids.includes(id)) ? other : found;
}

function findIds(text: string): FoundIds {
  const ids = new Set<JacoId>();
  const unrecognised = new Set<string>();
  let inAudit = false;
  for (const line of linesOf(text)) {
    if (line === '') inAudit = false;
    else if (/^TYPE\s{1,80}TS\s{1,80}IDENTITY\s{1,80}PAYLOAD/.test(line)) inAudit = true;
    else if (inAudit && !/^[a-z][a-z_]* /i.test(line)) inAudit = false;
    if (!inAudit && line.length >= SHORTEST) readLine(line, ids, unrecognised);
  }
  return { ids: [...ids], unrecognised: [...unrecognised] };
}

function* linesOf(text: string): Generator<string> {
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    yield text.slice(start, end);
    start = end + 1;
  }
}

function readLine(line: string, ids: Set<JacoId>, unrecognised: Set<string>): void {
  const head = line.slice(0, MAX_LINE);
  const shown = SIGNATURES.filter(({ says }) => says.test(head)).map(({ id }) => id);
  const instead = new Set(shown.map((id) => INSTEAD[id]));
  for (const id of shown) ids.add(id);
  const codes = new Set<string>();
  for (const [, code = '', form] of head.matchAll(/(?:\b(?:Error: |desc = ))([a-z][a-z0-9_]{0,63})(:|$)/g)) {
    codes.add(code);
    // Form B is prose before its first colon. There, only a word with an underscore is a code.
    const typed = line.startsWith(`Error: ${code}:`) || code.includes('_');
    if (!KNOWN.has(code) && typed && form !== undefined && unrecognised.size < MAX_UNRECOGNISED) unrecognised.add(code);
  }
  for (const { word, audited } of wordsIn(line)) {
    if (!KNOWN.has(word) || audited || instead.has(word as JacoId)) continue;
    // "internal" and "pulling" are common words, and count only in the position of a code.
    if (word.includes('_') || codes.has(word)) ids.add(word as JacoId);
  }
}

/** The words of a line, and whether one is the type of an event in an audit listing (JSON or YAML). */
function* wordsIn(line: string): Generator<{ word: string; audited: boolean }> {
  for (const match of line.matchAll(/[\w.-]+/g)) {
    const word = match[0].length > 100 ? '' : match[0].replace(/^[.-]+|[.-]+$/g, '');
    const before = line.slice(Math.max(0, match.index - 10), match.index);
    yield { word, audited: /(?:"type": ?"|^(?:- )?type: ?"?)$/.test(before) };
  }
}
