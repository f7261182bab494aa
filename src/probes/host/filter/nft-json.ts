import { clean } from '../../../engine/text.ts';
import { readRule } from './nft-rule.ts';
import { readAddresses, readRows } from './nft-value.ts';
import type { Chain, NamedSet, Rule, Table } from './table.ts';

/** The version of nft's JSON schema that is supported. nft increases it when the schema changes. */
const SCHEMA = 1;
/**
 * Most rules of one chain, and most elements of one set, that are read. The rest of a longer chain is not understood.
 */
const MAX_RULES = 50_000;
const MAX_ELEMENTS = 1_000_000;
const FAMILIES: readonly unknown[] = ['ip', 'inet', 'arp', 'bridge', 'netdev'];

/**
 * The result of parsing `nft -j list …`, or why it is not understood. `version` is nft's own. `beside` are tables for
 * frames of a bridge or a device that drop something: family and name.
 */
export type NftRead =
  | {
      readonly kind: 'tables';
      readonly version: string | null;
      readonly tables: readonly Table[];
      readonly beside: readonly string[];
      /** Whether a table has flags that its JSON does not show correctly. */
      readonly damaged: boolean;
    }
  | { readonly kind: 'unreadable'; readonly detail: string };

type Fields = { readonly [key: string]: unknown };
type Open = {
  readonly family: string;
  readonly name: string;
  readonly dormant: boolean;
  readonly chains: Map<string, Chain & { rules: Rule[] }>;
  readonly sets: Map<string, NamedSet>;
  readonly verdictMaps: Map<string, readonly unknown[]>;
};

/**
 * Parses nft's JSON, without tables of IPv6. Unknown objects and expressions are left out or marked as not understood.
 * A document that is cut off, has another schema or no frame is unreadable as a whole. `listing` is nft's text output,
 * for tables whose flags are damaged in JSON.
 */
export function readNftJson(text: string, listing?: string): NftRead {
  const unreadable = (detail: string): NftRead => ({ kind: 'unreadable', detail });
  const list = fieldsOf(parsed(text))?.['nftables'];
  if (!Array.isArray(list)) return unreadable('nft did not print its documented JSON');
  const tables = new Map<string, Open>();
  const rules: Fields[] = [];
  let damaged = false;
  let version: string | null = null;
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
    if (!FAMILIES.includes(fields['family'])) continue;
    if (kind === 'table' && isDamaged(fields['flags'])) damaged = true;
    if (kind === 'rule') rules.push(fields);
    else if (!readObject(tables, kind, fields, listing))
      return unreadable(`chain ${clean(String(fields['name']), 63)} has no priority that is a number`);
  }
  for (const rule of rules) addRule(tables, rule);
  const read = [...tables.values()].map(tableFrom);
  return {
    kind: 'tables',
    version,
    beside: read.filter(dropsFrames).map((table) => clean(nameOf(table), 80)),
    tables: read,
    damaged: damaged && listing === undefined,
  };
}

/** Adds a table, chain, set or map to the result; false for a chain that is not understood. */
function readObject(tables: Map<string, Open>, kind: string, fields: Fields, listing: string | undefined): boolean {
  const { family, name, table } = fields;
  if (typeof name !== 'string') return true;
  if (kind === 'table') openTable(tables, String(family), name, isDormant(fields['flags'], listing, fields));
  const open = tables.get(`${String(family)} ${String(table)}`);
  if (kind === 'set') open?.sets.set(name, readSet(name, fields));
  if (kind === 'map' && fields['map'] === 'verdict')
    open?.verdictMaps.set(name, Array.isArray(fields['elem']) ? fields['elem'] : []);
  if (kind !== 'chain') return true;
  const base = baseOf(fields);
  if (base === undefined) return false;
  open?.chains.set(name, { name, base, rules: [] });
  return true;
}

/** A single flag is a word or a list of one. nft 1.0.6 prints freed memory instead, which may be any word. */
function isDormant(flags: unknown, listing: string | undefined, { family, name }: Fields): boolean {
  const words = [flags].flat();
  if (!isDamaged(flags)) return words.includes('dormant');
  const head = `table ${String(family)} ${String(name)} {\n`;
  const at = listing?.indexOf(head) ?? -1;
  return listing !== undefined && at >= 0 && /^\s*flags [a-z,]*dormant/.test(listing.slice(at + head.length));
}

function isDamaged(flags: unknown): boolean {
  return typeof flags === 'string' && !['dormant', 'owner', 'persist'].includes(flags);
}

function openTable(tables: Map<string, Open>, family: string, name: string, dormant: boolean): void {
  tables.set(`${family} ${name}`, {
    family,
    name,
    dormant,
    chains: new Map(),
    sets: new Map(),
    verdictMaps: new Map(),
  });
}

function addRule(tables: Map<string, Open>, { family, table, chain, expr, handle, comment }: Fields): void {
  const open = tables.get(`${String(family)} ${String(table)}`);
  const rules = open?.chains.get(String(chain))?.rules;
  if (open === undefined || rules === undefined || rules.length > MAX_RULES) return;
  if (rules.length === MAX_RULES) rules.push(...readRule([{ 'more rules than are read': MAX_RULES }], null, null));
  else rules.push(...readRule(expr, handle, comment, (name) => open.verdictMaps.get(name)));
  for (const name of grownBy(expr)) {
    const set = open.sets.get(name);
    if (set !== undefined && set.grows === undefined) open.sets.set(name, { ...set, grows: true });
  }
}

/** Sets to which a rule adds elements. */
function grownBy(expr: unknown): readonly string[] {
  if (!Array.isArray(expr)) return [];
  return expr.flatMap((one) => {
    const { op, set } = Object((Object(one) as Fields)['set']) as Fields;
    return (op === 'add' || op === 'update') && typeof set === 'string' ? [set.replace(/^@/, '')] : [];
  });
}

function tableFrom({ family, name, dormant, chains, sets }: Open): Table {
  const table = { family, name, from: 'nft' as const, chains: [...chains.values()], sets: [...sets.values()] };
  return dormant ? { ...table, dormant: true } : table;
}

function nameOf({ family, name }: Table): string {
  return `${family} ${name}`;
}

function dropsFrames({ family, chains }: Table): boolean {
  if (family !== 'bridge' && family !== 'netdev') return false;
  return chains.some(
    ({ base, rules }) => base?.policy === 'drop' || rules.some(({ verdict }) => verdict.kind === 'drop'),
  );
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

/** The single key of an object and its value; nft writes each object and expression that way. */
function single(entry: unknown): readonly [string, Fields | null] {
  const [key = '', value] = Object.entries(fieldsOf(entry) ?? {})[0] ?? [];
  return [key, fieldsOf(value)];
}

/** Null for a chain that is only jumped to; undefined if the numbers are not valid. */
function baseOf({ type, hook, prio, policy, dev }: Fields): Chain['base'] | undefined {
  if (typeof hook !== 'string') return null;
  if (!Number.isInteger(prio)) return undefined;
  const devices = [dev].flat().filter((name) => typeof name === 'string');
  return {
    type: String(type),
    hook: clean(hook, 40),
    priority: prio as number,
    policy: policy === 'drop' ? 'drop' : 'accept',
    ...(devices.length > 0 ? { devices } : {}),
  };
}

/** A set with a statement, such as a limit, matches only some packets. */
function readSet(name: string, { type, elem = [], stmt }: Fields): NamedSet {
  if (!Array.isArray(elem) || elem.length > MAX_ELEMENTS) return { name, elements: null };
  const limited = Array.isArray(stmt) && stmt.some((one) => !('counter' in Object(one)));
  if (limited) return { name, elements: null };
  if (type === 'ipv4_addr') return { name, elements: readAddresses(elem) };
  const rows = readRows(elem);
  return rows === null ? { name, elements: null } : { name, elements: null, rows };
}
