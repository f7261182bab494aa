import { clean } from '../../../engine/text.ts';
import { type Range, rangeOf } from '../ipv4.ts';
import type { Base, Chain, Predicate, Rule, RuleVerdict, Table } from './filter.ts';

/** Rules read, at most. */
const MAX_RULES = 5_000;
const OTHER: Predicate = { field: 'other' };

/** Where the kernel enters the built-in chains, and in which order among tables. */
const PRIORITY: { readonly [table: string]: number } = { raw: -300, mangle: -150, nat: 0, filter: 0, security: 50 };
const BUILT_IN = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];

type Open = { name: string; chains: Map<string, Chain & { rules: Rule[] }> };

/** Reads what iptables-save prints, of either variant; null where it is more than is read. Lines it does not know are left out. */
export function readIptablesSave(text: string, from: 'iptables' | 'iptables-legacy'): readonly Table[] | null {
  const tables: Open[] = [];
  let rules = 0;
  for (const line of text.split('\n')) {
    const open = tables.at(-1);
    if (line.startsWith('*')) tables.push({ name: clean(line.slice(1), 40), chains: new Map() });
    else if (open !== undefined && line.startsWith(':')) {
      const [name = '', policy = ''] = line.slice(1).split(' ');
      open.chains.set(name, { name, base: baseOf(open.name, name, policy), rules: [] });
    } else if (open !== undefined && line.startsWith('-A ')) {
      rules += 1;
      if (rules > MAX_RULES) return null;
      const [, chain = '', ...words] = split(line);
      open.chains.get(chain)?.rules.push(readRule(line, words));
    }
  }
  return tables.map(({ name, chains }) => ({ family: 'ip', name, from, chains: [...chains.values()], sets: [] }));
}

function baseOf(table: string, chain: string, policy: string): Base | null {
  if (!BUILT_IN.includes(chain)) return null;
  return {
    type: table === 'nat' ? 'nat' : 'filter',
    hook: chain.toLowerCase(),
    priority: PRIORITY[table] ?? 0,
    policy: policy === 'DROP' ? 'drop' : 'accept',
  };
}

/** Words of a line; iptables-save quotes those with blanks and escapes quotes in them. */
function split(line: string): readonly string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, bare]) => bare ?? quoted ?? '');
}

function readRule(line: string, words: readonly string[]): Rule {
  const rule = { text: clean(line, 300), handle: null, extended: false, untracks: false };
  const predicates: Predicate[] = [];
  let at = 0;
  while (at < words.length) {
    const not = words[at] === '!';
    const option = words[not ? at + 1 : at] ?? '';
    const from = at + (not ? 2 : 1);
    // What follows belongs to the target.
    if (option === '-j' || option === '-g') {
      const target = words[from] ?? '';
      const untracks = target === 'NOTRACK' || (target === 'CT' && words.includes('--notrack'));
      return { ...rule, predicates, verdict: verdictOf(option, target), untracks };
    }
    let to = from;
    while (to < words.length && !isOption(words[to] ?? '')) to += 1;
    predicates.push(...readOption(option, not, words.slice(from, to)));
    at = to;
  }
  return { ...rule, predicates, verdict: { kind: 'none' } };
}

function isOption(word: string): boolean {
  return word === '!' || /^--?[a-zA-Z]/.test(word);
}

function readOption(option: string, not: boolean, values: readonly string[]): readonly Predicate[] {
  const [value = ''] = values;
  // The name of an extension says nothing by itself.
  if (option === '-m' || option === '--comment') return [];
  if (values.length !== 1) return [OTHER];
  if (option === '-s' || option === '-d') {
    const range = rangeOf(value);
    return range === null ? [OTHER] : [{ field: option === '-s' ? 'saddr' : 'daddr', not, ranges: [range] }];
  }
  if (option === '-i' || option === '-o') {
    const names = [value.replace(/\+$/, '*')];
    return [{ field: option === '-i' ? 'iif' : 'oif', not, names }];
  }
  if (option === '-p') return value === 'all' ? [] : [{ field: 'proto', not, names: [value.toLowerCase()] }];
  if (option === '--ctstate' || option === '--state')
    return [{ field: 'state', not, names: value.toLowerCase().split(',') }];
  const port = { '--dport': 'dport', '--dports': 'dport', '--sport': 'sport', '--sports': 'sport' } as const;
  const field = port[option as keyof typeof port];
  const ports = field === undefined ? [null] : value.split(',').map(portsOf);
  return field === undefined || ports.includes(null) ? [OTHER] : [{ field, not, ports: ports as readonly Range[] }];
}

function portsOf(text: string): Range | null {
  const [, first, last] = /^(\d{1,5})(?::(\d{1,5}))?$/.exec(text) ?? [];
  return first === undefined ? null : [Number(first), Number(last ?? first)];
}

const TARGETS: { readonly [target: string]: Exclude<RuleVerdict['kind'], 'jump' | 'goto'> } = {
  ACCEPT: 'accept',
  DROP: 'drop',
  REJECT: 'drop',
  RETURN: 'return',
  LOG: 'none',
  NFLOG: 'none',
  ULOG: 'none',
  MARK: 'none',
  CONNMARK: 'none',
  TCPMSS: 'none',
  TRACE: 'none',
  CT: 'none',
  NOTRACK: 'none',
  DSCP: 'none',
  AUDIT: 'none',
  CHECKSUM: 'none',
  CLASSIFY: 'none',
  SET: 'none',
  TEE: 'none',
  TTL: 'none',
  MASQUERADE: 'accept',
  SNAT: 'accept',
  DNAT: 'accept',
  REDIRECT: 'accept',
  NFQUEUE: 'other',
  QUEUE: 'other',
};

/** A target that is no known one is the name of a chain. */
function verdictOf(option: '-j' | '-g', target: string): RuleVerdict {
  const kind = option === '-j' ? TARGETS[target] : undefined;
  return kind !== undefined ? { kind } : { kind: option === '-j' ? 'jump' : 'goto', chain: target };
}
