import { clean } from '../../../engine/text.ts';
import { readField } from './nft-field.ts';
import { readMatch } from './nft-match.ts';
import { readValue } from './nft-value.ts';
import type { MarkChange, Predicate, Rewrite, Rule, RuleVerdict } from './table.ts';

/** The part that one expression adds to its rule. */
export type RulePart = {
  readonly text: string;
  readonly predicates?: readonly Predicate[];
  readonly verdict?: RuleVerdict;
  readonly marks?: readonly MarkChange[];
  readonly rewrite?: Rewrite;
  readonly divertsTo?: Rule['divertsTo'];
  readonly answer?: string;
};

type Fields = { readonly [key: string]: unknown };

const OTHER: Predicate = { field: 'other' };
const NEVER: Predicate = { field: 'never' };
/** Statements that let a packet continue unchanged. */
const HARMLESS = [
  'counter',
  'log',
  'notrack',
  'ct helper',
  'ct timeout',
  'ct expectation',
  'flow',
  'dup',
  'secmark',
  'last',
];
/**
 * Statements that apply to some packets only: an element has its own limit, or is not added because the set is full.
 */
const LIMITING = ['limit', 'quota', 'ct count', 'connlimit', 'set', 'map', 'meter'];
const TRANSLATIONS = ['masquerade', 'snat', 'dnat', 'redirect'] as const;
const ALL = 0xffffffff;

/** Parses one expression of a rule: a match or a statement. */
export function readStatement(expression: unknown): RulePart {
  const [kind = '', value] = Object.entries(Object(expression) as Fields)[0] ?? [];
  const fields = Object(value) as Fields;
  if (kind === 'match') return readMatch(fields);
  if (kind === 'accept' || kind === 'drop' || kind === 'return') return { text: kind, verdict: { kind } };
  if (kind === 'reject') return readReject(fields);
  if (kind === 'continue') return { text: kind, verdict: { kind: 'none' } };
  if (kind === 'jump' || kind === 'goto') {
    const chain = String(fields['target']);
    return { text: `${kind} ${chain}`, verdict: { kind, chain } };
  }
  if (kind === 'xt') return readExtension(value);
  if (kind === 'mangle') return readMangle(fields);
  if (kind === 'tproxy') {
    const port = rangeIn(fields['port']);
    const text = `tproxy to :${shown(fields['port'] ?? '')}`;
    return { text, verdict: { kind: 'other' }, ...(port === null ? {} : { divertsTo: port }) };
  }
  const translation = TRANSLATIONS.find((one) => one === kind);
  if (translation !== undefined) return readTranslation(translation, fields);
  if (HARMLESS.includes(kind)) return { text: kind === 'log' ? kind : '' };
  if (LIMITING.includes(kind)) return { text: kind, predicates: [OTHER] };
  return { text: short({ [kind]: value }), verdict: { kind: 'other' } };
}

/** The type of the reject shows the family of the packet; nft shows no other condition for it. */
function readReject({ type, expr }: Fields): RulePart {
  if (type === 'icmpv6') return { text: 'reject with icmpv6', predicates: [NEVER], verdict: { kind: 'drop' } };
  const answer = type === 'tcp reset' ? 'tcp reset' : `icmp ${typeof expr === 'string' ? expr : 'port-unreachable'}`;
  return { text: 'reject', verdict: { kind: 'drop' }, answer };
}

/** A part that iptables wrote and nft cannot show in its own notation. Older releases do not name it. */
function readExtension(value: unknown): RulePart {
  const { type, name } = Object(value) as Fields;
  const text = `xt ${String(name ?? '?')}`;
  if (type === 'match') return name === 'comment' ? { text: '' } : { text, predicates: [OTHER] };
  if (type !== 'target') return { text, predicates: [OTHER], verdict: { kind: 'other' } };
  if (name === 'REJECT') return { text, verdict: { kind: 'drop' }, answer: 'icmp port-unreachable' };
  if (name === 'MARK') return { text, verdict: { kind: 'none' }, marks: [{ target: 'mark', unknown: true }] };
  if (name === 'CONNMARK')
    return {
      text,
      verdict: { kind: 'none' },
      marks: [
        { target: 'mark', unknown: true },
        { target: 'ct-mark', unknown: true },
      ],
    };
  const translation = TRANSLATIONS.find((one) => one.toUpperCase() === name);
  if (translation !== undefined)
    return { text, verdict: { kind: 'accept' }, rewrite: { kind: translation, address: null, port: null } };
  return ['LOG', 'NFLOG', 'TCPMSS', 'TRACE', 'CT'].includes(String(name))
    ? { text, verdict: { kind: 'none' } }
    : { text, predicates: [OTHER], verdict: { kind: 'other' } };
}

/**
 * A statement that sets a field. A mark is tracked, a zone is shown, an address or a port is not tracked, and other
 * fields do not matter.
 */
function readMangle({ key, value }: Fields): RulePart {
  const field = readField(key);
  if (field?.field === 'mark' || field?.field === 'ct-mark')
    return { text: `${field.text} set ${short(value)}`, marks: [readMarkChange(field.field, value)] };
  if ((Object(key) as { readonly ct?: Fields }).ct?.['key'] === 'zone') return { text: `ct zone set ${short(value)}` };
  if (!('payload' in Object(key))) return { text: '' };
  return field?.field === null
    ? { text: `${field.text} set ${short(value)}` }
    : { text: short({ mangle: { key, value } }), verdict: { kind: 'other' } };
}

function readMarkChange(target: 'mark' | 'ct-mark', value: unknown): MarkChange {
  if (Number.isInteger(value)) return { target, retain: 0, source: null, keep: 0, flip: value as number };
  const [operation, operands] = Object.entries(Object(value) as Fields)[0] ?? [];
  const bitwise = ['|', '&', '^'].includes(operation ?? '') && Array.isArray(operands) ? operands : null;
  const source = readField(bitwise === null ? value : bitwise[0])?.field;
  const number = bitwise === null ? 0 : bitwise[1];
  if ((source !== 'mark' && source !== 'ct-mark') || !Number.isInteger(number)) return { target, unknown: true };
  const bits = number as number;
  const keep = operation === '|' ? (ALL & ~bits) >>> 0 : operation === '&' ? bits : ALL;
  return { target, retain: 0, source, keep, flip: operation === '|' || operation === '^' ? bits : 0 };
}

function readTranslation(kind: (typeof TRANSLATIONS)[number], { family, addr, port }: Fields): RulePart {
  const text = `${kind}${addr === undefined ? '' : ` to ${shown(addr)}`}${port === undefined ? '' : ` port ${shown(port)}`}`;
  const rewrite: Rewrite = { kind, address: rangeIn(addr), port: rangeIn(port) };
  return { text, verdict: { kind: 'accept' }, rewrite, ...(family === 'ip6' ? { predicates: [NEVER] } : {}) };
}

function rangeIn(value: unknown): Rewrite['address'] {
  const range = value === undefined ? null : readValue(value);
  return typeof range === 'string' ? null : range;
}

function shown(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? clean(String(value), 60) : short(value);
}

function short(value: unknown): string {
  return clean(JSON.stringify(value) ?? '?', 80);
}
