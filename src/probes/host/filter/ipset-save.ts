import { type Range, rangeOf } from '../ipv4.ts';
import { protocolName } from './protocol.ts';
import type { NamedSet, SetValue } from './table.ts';

/** Most elements that are read of one set. */
const MAX_ELEMENTS = 1_000_000;

type Open = {
  readonly name: string;
  readonly kinds: readonly string[];
  readonly rows: (readonly SetValue[])[];
  readonly members: string[];
  known: boolean;
};

/**
 * Parses the output of `ipset save`. If an element of a set is not understood, the set has neither elements nor rows. A
 * list of sets has the elements of all its members.
 */
export function readIpsetSave(text: string): readonly NamedSet[] {
  const sets = new Map<string, Open>();
  for (const line of text.split('\n')) {
    const [command, name = '', type = '', ...options] = line.split(' ');
    if (command === 'create') sets.set(name, opened(name, type, options));
    const set = command === 'add' ? sets.get(name) : undefined;
    if (set !== undefined) addElement(set, type, options);
  }
  return [...sets.values()].map((set) => named(set.members.length > 0 ? withMembers(set, sets) : set));
}

function opened(name: string, type: string, options: readonly string[]): Open {
  // In an element a port has a protocol before it, except in a bitmap of ports only.
  const kinds = (type.split(':')[1] ?? '')
    .split(',')
    .map((kind) => (kind === 'net' ? 'ip' : kind))
    .flatMap((kind) => (kind === 'port' && type !== 'bitmap:port' ? ['proto', 'port'] : [kind]));
  return { name, kinds, rows: [], members: [], known: !options.includes('inet6') };
}

function addElement(set: Open, element: string, options: readonly string[]): void {
  if (set.kinds[0] === 'set') {
    set.members.push(element);
    return;
  }
  const row = readElement(element, set.kinds);
  // An exception from a wider element is not supported.
  if (row === null || options.includes('nomatch') || set.rows.length >= MAX_ELEMENTS) set.known = false;
  else set.rows.push(row);
}

function readElement(element: string, kinds: readonly string[]): readonly SetValue[] | null {
  if (kinds.length === 1) {
    const value = readPart(element, kinds[0] ?? '');
    return value === null ? null : [value];
  }
  const parts = element.split(',').flatMap((part) => {
    const [, protocol, port] = /^([a-z0-9]+):(.+)$/.exec(part) ?? [];
    return protocol === undefined || port === undefined ? [part] : [protocol, port];
  });
  if (parts.length !== kinds.length) return null;
  const values = parts.map((part, index) => readPart(part, kinds[index] ?? ''));
  return values.includes(null) ? null : (values as readonly SetValue[]);
}

function readPart(text: string, kind: string): SetValue | null {
  if (kind === 'ip') return rangeOf(text);
  if (kind === 'proto') return protocolName(text);
  if (kind === 'iface') return text;
  const numbers = text.split('-').map(Number);
  const [first = Number.NaN, last = first] = numbers;
  return Number.isInteger(first) && Number.isInteger(last) ? [first, last] : null;
}

/** A list may contain sets of one kind only; with several kinds it is not understood. */
function withMembers(list: Open, sets: ReadonlyMap<string, Open>): Open {
  const members = list.members.map((name) => sets.get(name));
  const [first] = members;
  const alike = members.every(
    (member) => member?.known === true && member.members.length === 0 && member.kinds.join() === first?.kinds.join(),
  );
  const rows = alike ? members.flatMap((member) => member?.rows ?? []) : [];
  return { ...list, kinds: first?.kinds ?? list.kinds, rows, known: alike };
}

function named({ name, kinds, rows, known }: Open): NamedSet {
  if (!known) return { name, elements: null, kinds };
  const addresses = kinds.length === 1 && kinds[0] === 'ip';
  return addresses
    ? { name, elements: rows.map(([range]) => range as Range), kinds }
    : { name, elements: null, kinds, rows };
}
