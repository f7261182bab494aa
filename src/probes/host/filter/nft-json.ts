import { clean } from '../../../engine/text.ts';
import type { AddressSet, Chain, Rule, Table } from './filter.ts';
import { readElements } from './nft-elements.ts';
import { readRule } from './nft-rule.ts';

/** The shape of JSON that is read; nft counts it up where it changes it. */
const SCHEMA = 1;
/** Rules and elements of one set read, at most: more is not walked through by this doctor. */
const MAX_RULES = 5_000;
const MAX_ELEMENTS = 4_096;

/**
 * What `nft -j list …` printed, or why it is not understood. `version` is nft's own. `beside` are tables that are not read,
 * for frames of a bridge or of a device, and that drop something: family and name.
 */
export type NftRead =
  | {
      readonly kind: 'tables';
      readonly version: string | null;
      readonly tables: readonly Table[];
      readonly beside: readonly string[];
    }
  | { readonly kind: 'unreadable'; readonly detail: string };

type Fields = { readonly [key: string]: unknown };
type Open = { family: string; name: string; chains: Map<string, Chain & { rules: Rule[] }>; sets: AddressSet[] };

/**
 * Reads nft's JSON, IPv4 and inet tables only. Objects and expressions that are not known are left out or marked as not
 * understood; a document that is cut off, of another schema or without the frame is unreadable as a whole.
 */
export function readNftJson(text: string): NftRead {
  const unreadable = (detail: string): NftRead => ({ kind: 'unreadable', detail });
  const document = parsed(text);
  const list = fieldsOf(document)?.['nftables'];
  if (!Array.isArray(list)) return unreadable('nft did not print the JSON it is known for');
  const tables = new Map<string, Open>();
  const beside = new Set<string>();
  let version: string | null = null;
  let rules = 0;
  for (const entry of list) {
    const [kind, fields] = single(entry);
    if (fields === null) continue;
    if (kind === 'metainfo') {
      const schema = fields['json_schema_version'];
      version = typeof fields['version'] === 'string' ? clean(fields['version'], 40) : null;
      if (schema !== undefined && schema !== SCHEMA)
        return unreadable(
          `nft ${version ?? ''} prints JSON of schema ${clean(String(schema), 20)}, known is ${SCHEMA}`,
        );
      continue;
    }
    const { family, name } = fields;
    if ((family === 'bridge' || family === 'netdev') && drops(kind, fields))
      beside.add(clean(`${family} ${String(fields['table'])}`, 80));
    if ((family !== 'ip' && family !== 'inet') || typeof name !== 'string') {
      if (kind === 'rule' && (family === 'ip' || family === 'inet')) {
        rules += 1;
        if (rules > MAX_RULES) return unreadable(`there are more than ${MAX_RULES} rules`);
        chainOf(tables, family, fields)?.rules.push(...readRule(fields['expr'], fields['handle'], fields['comment']));
      }
      continue;
    }
    if (kind === 'table') openTable(tables, family, name);
    if (kind === 'set') tableOf(tables, family, fields['table'])?.sets.push(readSet(name, fields));
    if (kind === 'chain') {
      const base = baseOf(fields);
      if (base === undefined) return unreadable(`chain ${clean(name, 63)} has no priority that is a number`);
      tableOf(tables, family, fields['table'])?.chains.set(name, { name, base, rules: [] });
    }
  }
  return {
    kind: 'tables',
    version,
    beside: [...beside],
    tables: [...tables.values()].map(({ family, name, chains, sets }) => {
      return { family, name, from: 'nft' as const, chains: [...chains.values()], sets };
    }),
  };
}

function drops(kind: string, { policy, expr }: Fields): boolean {
  if (kind === 'chain') return policy === 'drop';
  return kind === 'rule' && readRule(expr, null, null).some(({ verdict }) => verdict.kind === 'drop');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** The one key of an object and what is under it, as nft writes each of its objects and expressions. */
function single(entry: unknown): readonly [string, Fields | null] {
  const [key = '', value] = Object.entries(fieldsOf(entry) ?? {})[0] ?? [];
  return [key, fieldsOf(value)];
}

function openTable(tables: Map<string, Open>, family: string, name: string): void {
  tables.set(`${family} ${name}`, { family, name, chains: new Map(), sets: [] });
}

function tableOf(tables: Map<string, Open>, family: string, name: unknown): Open | undefined {
  return tables.get(`${family} ${String(name)}`);
}

/** nft gives a rule its table and chain, and no name. */
function chainOf(tables: Map<string, Open>, family: string, { table, chain }: Fields) {
  return tableOf(tables, family, table)?.chains.get(String(chain));
}

/** Null for a chain that is only jumped to; undefined where the numbers are none. */
function baseOf({ type, hook, prio, policy }: Fields): Chain['base'] | undefined {
  if (typeof hook !== 'string') return null;
  if (!Number.isInteger(prio)) return undefined;
  return {
    type: String(type),
    hook: clean(hook, 40),
    priority: prio as number,
    policy: policy === 'drop' ? 'drop' : 'accept',
  };
}

function readSet(name: string, { type, elem }: Fields): AddressSet {
  if (type !== 'ipv4_addr') return { name, elements: null };
  if (elem === undefined) return { name, elements: [] };
  return { name, elements: Array.isArray(elem) && elem.length <= MAX_ELEMENTS ? readElements(elem) : null };
}
