import { clean } from '../../../engine/text.ts';
import { type Range, rangeText } from '../ipv4.ts';
import type { Predicate, Rule, RuleVerdict } from './filter.ts';
import { readElements } from './nft-elements.ts';

type Part = { readonly text: string; readonly predicates?: readonly Predicate[]; readonly verdict?: RuleVerdict };
type Fields = { readonly [key: string]: unknown };

const OTHER: Predicate = { field: 'other' };
const NEVER: Predicate = { field: 'never' };
const MAX_TEXT = 300;

/**
 * One rule of nft's JSON; as many as it has verdicts where it maps states or interfaces to them. What is not known of it is
 * a predicate nobody can judge, or a verdict that may be anything.
 */
export function readRule(expr: unknown, handle: unknown, comment: unknown): readonly Rule[] {
  const expressions: readonly unknown[] = Array.isArray(expr) ? expr : [{ unknown: expr ?? null }];
  const cases = expressions.map(readVerdictMap).find((found) => found !== null) ?? [[]];
  return cases.map((parts) => {
    const all = [
      ...expressions.map((one) => (isVerdictMap(one) && parts.length > 0 ? [] : [readPart(one)])),
      parts,
    ].flat();
    const said = typeof comment === 'string' ? [`comment "${comment}"`] : [];
    return {
      predicates: all.flatMap(({ predicates = [] }) => predicates),
      verdict: all.findLast(({ verdict }) => verdict !== undefined)?.verdict ?? { kind: 'none' },
      text: clean([...all.map(({ text }) => text), ...said].filter(Boolean).join(' '), MAX_TEXT),
      handle: Number.isInteger(handle) ? (handle as number) : null,
      extended: expressions.some((one) => 'xt' in Object(one)),
      untracks: expressions.some(untracks),
    };
  });
}

function isVerdictMap(expression: unknown): boolean {
  return 'vmap' in Object(expression);
}

/** `ct state vmap {established: accept, …}` as one list of parts a verdict; null for what is no such map written in place. */
function readVerdictMap(expression: unknown): readonly (readonly Part[])[] | null {
  const { key, data } = Object((Object(expression) as Fields)['vmap']) as { key?: unknown; data?: { set?: unknown } };
  if (!Array.isArray(data?.set)) return null;
  return data.set.map((pair: unknown) => {
    const [right, verdict] = Array.isArray(pair) ? pair : [];
    return [readMatch({ op: '==', left: key, right }), readPart(verdict)];
  });
}

/** Statements that let a packet go on as it is. */
const HARMLESS = ['counter', 'log', 'mangle', 'notrack', 'ct helper', 'ct timeout', 'flow', 'dup'];
/** Statements that hold for some packets only: an element is added with a limit of its own, or not, where the set is full. */
const LIMITING = ['limit', 'quota', 'ct count', 'connlimit', 'set', 'map', 'meter'];

function readPart(expression: unknown): Part {
  const [kind = '', value] = Object.entries(Object(expression) as Fields)[0] ?? [];
  const fields = Object(value) as Fields;
  if (kind === 'match') return readMatch(fields);
  if (kind === 'accept' || kind === 'drop' || kind === 'return') return { text: kind, verdict: { kind } };
  if (kind === 'reject') return readReject(fields['type']);
  if (kind === 'continue') return { text: kind, verdict: { kind: 'none' } };
  if (kind === 'jump' || kind === 'goto') {
    const chain = String(fields['target']);
    return { text: `${kind} ${chain}`, verdict: { kind, chain } };
  }
  if (kind === 'xt') return readExtension(value);
  if (HARMLESS.includes(kind)) return { text: kind === 'log' ? kind : '' };
  if (LIMITING.includes(kind)) return { text: kind, predicates: [OTHER] };
  return { text: short({ [kind]: value }), verdict: { kind: 'other' } };
}

function untracks(expression: unknown): boolean {
  const { xt, notrack } = Object(expression) as { xt?: Fields; notrack?: unknown };
  if (xt === undefined) return notrack !== undefined;
  const { type, name } = Object(xt) as Fields;
  return type !== 'match' && (name === undefined || name === 'CT' || name === 'NOTRACK');
}

/** How it is refused tells of which family it is: nft shows no other condition then. */
function readReject(type: unknown): Part {
  if (type !== 'icmpv6') return { text: 'reject', verdict: { kind: 'drop' } };
  return { text: 'reject with icmpv6', predicates: [NEVER], verdict: { kind: 'drop' } };
}

/** What iptables wrote and nft cannot show in its own words; older releases name nothing at all. */
function readExtension(value: unknown): Part {
  const { type, name } = Object(value) as Fields;
  const text = `xt ${String(name ?? '?')}`;
  if (type === 'match') return name === 'comment' ? { text: '' } : { text, predicates: [OTHER] };
  if (type === 'target' && name === 'REJECT') return { text, verdict: { kind: 'drop' } };
  if (type === 'target' && ['LOG', 'NFLOG', 'MARK', 'CONNMARK', 'TCPMSS', 'TRACE', 'CT'].includes(String(name)))
    return { text, verdict: { kind: 'none' } };
  return { text, predicates: [OTHER], verdict: { kind: 'other' } };
}

function readMatch({ op, left, right }: Fields): Part {
  const { payload, meta, ct } = Object(left) as { [key: string]: Fields | undefined };
  const not = op === '!=';
  const plain = not || op === '==' || op === 'in';
  const unknown: Part = { text: short({ match: { op, left, right } }), predicates: [OTHER] };
  if (!plain) return unknown;
  if (payload !== undefined) return readPayload(payload, not, right) ?? unknown;
  if (ct?.['key'] === 'state') return readStates(not, right) ?? unknown;
  const key = meta?.['key'];
  if (key === 'iifname' || key === 'iif') return words('iif', key, not, right) ?? unknown;
  if (key === 'oifname' || key === 'oif') return words('oif', key, not, right) ?? unknown;
  if (key === 'l4proto') return words('proto', 'meta l4proto', not, right) ?? unknown;
  if (key === 'nfproto' || key === 'protocol') return readFamily(key, not, right) ?? unknown;
  return unknown;
}

function readPayload({ protocol, field }: Fields, not: boolean, right: unknown): Part | null {
  const text = (said: string): string => `${String(protocol)} ${String(field)} ${not ? '!= ' : ''}${said}`;
  if (protocol === 'ip6' || protocol === 'icmpv6') return { text: text(short(right)), predicates: [NEVER] };
  if (protocol === 'ip' && (field === 'saddr' || field === 'daddr')) {
    if (typeof right === 'string' && right.startsWith('@'))
      return { text: text(right), predicates: [{ field, not, set: right.slice(1) }] };
    const ranges = readElements(manyOf(right));
    return ranges === null
      ? null
      : { text: text(ranges.map(rangeText).join(', ')), predicates: [{ field, not, ranges }] };
  }
  if (protocol === 'ip' && field === 'protocol') return words('proto', 'ip protocol', not, right);
  if ((protocol === 'tcp' || protocol === 'udp' || protocol === 'th') && (field === 'dport' || field === 'sport')) {
    const ports = manyOf(right).map(portsOf);
    if (ports.includes(null)) return null;
    const of: readonly Predicate[] = protocol === 'th' ? [] : [{ field: 'proto', not: false, names: [protocol] }];
    return {
      text: text(short(right)),
      predicates: [...of, { field, not, ports: ports as readonly Range[] }],
    };
  }
  return null;
}

/** `!= established | related` compares with both at once, and no packet has two states. */
function readStates(not: boolean, right: unknown): Part | null {
  const both = (Object(right) as Fields)['|'];
  if (!Array.isArray(both) || both.length < 2) return words('state', 'ct state', not, right);
  return { text: `ct state ${not ? '!= ' : ''}${both.join(' | ')}`, predicates: not ? [] : [NEVER] };
}

function readFamily(key: string, not: boolean, right: unknown): Part | null {
  const names = manyOf(right);
  const four = names.some((name) => name === 'ipv4' || name === 'ip');
  if (!names.every((name) => ['ipv4', 'ipv6', 'ip', 'ip6'].includes(String(name)))) return null;
  const text = `meta ${key} ${not ? '!= ' : ''}${names.join(', ')}`;
  return { text, predicates: four === not ? [NEVER] : [] };
}

function words(field: 'iif' | 'oif' | 'proto' | 'state', said: string, not: boolean, right: unknown): Part | null {
  const names = manyOf(right);
  // A set by name holds what only the set itself says.
  if (!names.every((name) => typeof name === 'string' && !name.startsWith('@'))) return null;
  const text = `${said} ${not ? '!= ' : ''}${names.map((name) => (field.endsWith('if') ? `"${name}"` : name)).join(',')}`;
  return { text, predicates: [{ field, not, names: names as readonly string[] }] };
}

/** A single value, an anonymous set, or a list of flags. */
function manyOf(right: unknown): readonly unknown[] {
  if (Array.isArray(right)) return right;
  const { set } = Object(right) as Fields;
  return Array.isArray(set) ? set : [right];
}

function portsOf(port: unknown): Range | null {
  if (Number.isInteger(port)) return [port as number, port as number];
  const { range } = Object(port) as Fields;
  return Array.isArray(range) && range.every(Number.isInteger) ? [range[0] as number, range[1] as number] : null;
}

function short(value: unknown): string {
  return clean(JSON.stringify(value) ?? '?', 80);
}
