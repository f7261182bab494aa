import { clean } from '../../../engine/text.ts';
import { readOption } from './iptables-option.ts';
import { readTarget } from './iptables-target.ts';
import type { Chain, ChainBase, NamedSet, Predicate, Rule, Table } from './table.ts';

/** Most rules that are read of one chain. The rest of a longer chain is not understood. */
const MAX_RULES = 50_000;
const OTHER: Predicate = { field: 'other' };

/** The hooks at which the kernel enters the built-in chains, and the order of the tables. */
const PRIORITY: { readonly [table: string]: number } = { raw: -300, mangle: -150, filter: 0, security: 50 };
const NAT_PRIORITY: { readonly [chain: string]: number } = { PREROUTING: -100, OUTPUT: -100 };
const SOURCE_NAT = 100;
const BUILT_IN = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];
/** Options that iptables knows without an extension. */
const BASIC = ['-s', '-d', '-i', '-o', '-p', '-f', '-j', '-g', '-m'];
/** Extensions whose options describe the match completely. */
const PLAIN = [
  'tcp',
  'udp',
  'udplite',
  'sctp',
  'dccp',
  'icmp',
  'comment',
  'conntrack',
  'state',
  'multiport',
  'iprange',
  'addrtype',
  'mark',
  'connmark',
  'owner',
  'physdev',
  'policy',
  'set',
];

type Open = { name: string; chains: Map<string, Chain & { rules: Rule[] }> };

/**
 * Parses the output of iptables-save, of either variant, with the ipset sets that rules name. Unknown lines are left
 * out.
 */
export function readIptablesSave(
  text: string,
  from: 'iptables' | 'iptables-legacy',
  sets: readonly NamedSet[] = [],
): readonly Table[] {
  const tables: Open[] = [];
  for (const line of text.split('\n')) {
    const open = tables.at(-1);
    if (line.startsWith('*')) tables.push({ name: clean(line.slice(1), 40), chains: new Map() });
    else if (open !== undefined && line.startsWith(':')) {
      const [name = '', policy = ''] = line.slice(1).split(' ');
      open.chains.set(name, { name, base: baseOf(open.name, name, policy), rules: [] });
    } else if (open !== undefined && line.startsWith('-A ')) {
      const [, chain = '', ...words] = split(line);
      const rules = open.chains.get(chain)?.rules;
      if (rules === undefined || rules.length > MAX_RULES) continue;
      rules.push(rules.length < MAX_RULES ? readRule(line, words) : unread(chain));
    }
  }
  return tables.map(({ name, chains }) => {
    const all = [...chains.values()];
    return { family: 'ip', name, from, chains: all, sets: usedSets(all, sets) };
  });
}

function unread(chain: string): Rule {
  const text = `the rules of chain ${clean(chain, 40)} after the first ${MAX_RULES}`;
  return { predicates: [OTHER], verdict: { kind: 'other' }, text, handle: null, extended: false, untracks: false };
}

function baseOf(table: string, chain: string, policy: string): ChainBase | null {
  if (!BUILT_IN.includes(chain)) return null;
  return {
    type: table === 'nat' ? 'nat' : 'filter',
    hook: chain.toLowerCase(),
    priority: table === 'nat' ? (NAT_PRIORITY[chain] ?? SOURCE_NAT) : (PRIORITY[table] ?? 0),
    policy: policy === 'DROP' ? 'drop' : 'accept',
  };
}

/** The sets that rules of these chains use, and whether rules add elements to them. */
function usedSets(chains: readonly Chain[], sets: readonly NamedSet[]): readonly NamedSet[] {
  const rules = chains.flatMap((chain) => chain.rules);
  const used = new Set(
    rules.flatMap(({ predicates }) => predicates.flatMap((one) => (one.field === 'ipset' ? [one.set] : []))),
  );
  const grown = new Set(rules.flatMap(({ text }) => /--add-set (\S+)/.exec(text)?.[1] ?? []));
  return sets
    .filter(({ name }) => used.has(name))
    .map((set) => (grown.has(set.name) ? { ...set, grows: true as const } : set));
}

/** The words of a line. iptables-save quotes words with blanks and escapes quotes in them. */
function split(line: string): readonly string[] {
  if (!line.includes('"')) return line.split(' ').filter(Boolean);
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, bare]) => bare ?? quoted ?? '');
}

function readRule(line: string, words: readonly string[]): Rule {
  const rule = { text: clean(line, 300), handle: null, extended: false, untracks: false };
  const predicates: Predicate[] = [];
  let extension = '';
  let at = 0;
  while (at < words.length) {
    const not = words[at] === '!';
    const option = words[not ? at + 1 : at] ?? '';
    const from = at + (not ? 2 : 1);
    if (option === '-j' || option === '-g')
      return { ...rule, predicates, ...readTarget(option, words[from] ?? '', words.slice(from + 1)) };
    let to = from;
    while (to < words.length && !isOption(words[to] ?? '')) to += 1;
    const values = words.slice(from, to);
    if (option === '-m') {
      extension = values[0] ?? '';
      // A match of another extension is not understood, independent of its options.
      if (!PLAIN.includes(extension)) predicates.push(OTHER);
    } else if (BASIC.includes(option) || PLAIN.includes(extension) || extension === '')
      predicates.push(...readOption(option, not, values, extension));
    at = to;
  }
  return { ...rule, predicates, verdict: { kind: 'none' } };
}

function isOption(word: string): boolean {
  return word === '!' || /^--?[a-zA-Z]/.test(word);
}
