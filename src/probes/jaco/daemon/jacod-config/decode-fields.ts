import { goQuote } from './go-quote.ts';
import { YamlError, type YamlTree } from './parse-yaml.ts';
import { describeTag, isMergeKey, isNull, keyName, type ScalarKind, scalarOf, scalarText } from './scalar.ts';

/** One complaint of the decoder, in Go's words. */
export type DecodeProblem = {
  readonly text: string;
  readonly cause: 'unknown-key' | 'duplicate-key' | 'wrong-type';
  readonly key: string | null;
  readonly line: number;
  readonly column: number;
};

/** The fields of the Go struct as written; durations in nanoseconds. They begin with the defaults. */
export type ConfigFields = {
  data_dir: string;
  listen_addr: string;
  cluster_addr: string;
  unix_socket: string;
  wg_port: bigint;
  acme_email: string;
  acme_ca: string;
  acme_enabled: boolean;
  acme_skip_staging: boolean;
  log_level: string;
  ipam_pool: string;
  node_status_interval: bigint;
  forwarders: readonly string[];
  forwarder_timeout: bigint;
};

type FieldKind = ScalarKind | '[]string' | 'config.DNSConfig';
type Struct = { readonly type: string; readonly fields: { readonly [key: string]: FieldKind } };

const CONFIG: Struct = {
  type: 'config.Config',
  fields: {
    data_dir: 'string',
    listen_addr: 'string',
    cluster_addr: 'string',
    unix_socket: 'string',
    wg_port: 'int',
    acme_email: 'string',
    acme_ca: 'string',
    acme_enabled: 'bool',
    acme_skip_staging: 'bool',
    log_level: 'string',
    ipam_pool: 'string',
    node_status_interval: 'time.Duration',
    dns: 'config.DNSConfig',
  },
};
const DNS: Struct = {
  type: 'config.DNSConfig',
  fields: { forwarders: '[]string', forwarder_timeout: 'time.Duration' },
};

/** Sets `fields` from the tree as yaml.v3 with KnownFields does, and returns its complaints in its order. */
export function decodeFields(tree: YamlTree, fields: ConfigFields): readonly DecodeProblem[] {
  const complaints: DecodeProblem[] = [];
  const complain = (at: YamlTree, cause: DecodeProblem['cause'], key: string | null, text: string): void => {
    complaints.push({ text: `line ${at.line}: ${text}`, cause, key, line: at.line, column: at.column });
  };
  const set = fields as { -readonly [K in string]: unknown };

  const refuse = (node: YamlTree, type: string, key: string | null): void =>
    complain(node, 'wrong-type', key, `cannot unmarshal ${describeTag(node)} into ${type}`);

  const structOf = (node: YamlTree, struct: Struct, prefix: string, merged: Set<string> | null): void => {
    if (isNull(node)) return;
    if (node.kind !== 'map') {
      refuse(node, struct.type, prefix === '' ? null : prefix.slice(0, -1));
      return;
    }
    if (duplicates(node, prefix)) return;
    const done = new Set<string>();
    let merge: YamlTree | null = null;
    for (const { key, value } of node.pairs) {
      if (isMergeKey(key)) {
        merge = value;
        continue;
      }
      const name = keyOf(key);
      if (name === null) continue;
      if (merged?.has(name)) continue;
      merged?.add(name);
      const kind = Object.hasOwn(struct.fields, name) ? struct.fields[name] : undefined;
      if (kind === undefined)
        complain(key, 'unknown-key', prefix + name, `field ${name} not found in type ${struct.type}`);
      else if (done.has(name))
        complain(key, 'duplicate-key', prefix + name, `field ${name} already set in type ${struct.type}`);
      else {
        done.add(name);
        assign(value, kind, name, prefix + name);
      }
    }
    if (merge !== null) mergeInto(node, merge, struct, prefix, merged);
  };

  const mergeInto = (
    parent: YamlTree & { kind: 'map' },
    merge: YamlTree,
    struct: Struct,
    prefix: string,
    merged: Set<string> | null,
  ): void => {
    const taken = merged ?? new Set(parent.pairs.flatMap(({ key }) => (key.kind === 'scalar' ? [key.value] : [])));
    const sources = merge.kind === 'seq' ? merge.items : [merge];
    for (const source of sources) {
      if (source.kind !== 'map') throw new YamlError('map merge requires map or sequence of maps as the value', source);
      structOf(source, struct, prefix, taken);
    }
  };

  const duplicates = (node: YamlTree & { kind: 'map' }, prefix: string): boolean => {
    const before = complaints.length;
    for (const [index, { key }] of node.pairs.entries()) {
      for (const { key: other } of node.pairs.slice(index + 1)) {
        if (key.kind !== other.kind || keyName(key) !== keyName(other)) continue;
        const name = keyName(other);
        complain(
          other,
          'duplicate-key',
          prefix + name,
          `mapping key ${goQuote(name)} already defined at line ${key.line}`,
        );
      }
    }
    return complaints.length > before;
  };

  const keyOf = (key: YamlTree): string | null => {
    if (isNull(key)) return null;
    if (key.kind === 'scalar') return key.value;
    refuse(key, 'string', null);
    return null;
  };

  const assign = (node: YamlTree, kind: FieldKind, field: string, key: string): void => {
    if (kind === 'config.DNSConfig') {
      structOf(node, DNS, 'dns.', null);
      return;
    }
    if (isNull(node)) {
      // Null does not change a plain field, and empties a list or a pointer.
      if (kind === '[]string') set[field] = [];
      if (field === 'acme_enabled') set[field] = true;
      return;
    }
    if (kind === '[]string') {
      if (node.kind !== 'seq') {
        refuse(node, kind, key);
        return;
      }
      const items: string[] = [];
      for (const item of node.items) {
        if (isNull(item)) continue;
        if (item.kind === 'scalar') items.push(scalarText(item));
        else refuse(item, 'string', key);
      }
      set[field] = items;
      return;
    }
    const value = node.kind === 'scalar' ? scalarOf(node, kind) : null;
    if (value === null) refuse(node, kind, key);
    else set[field] = value;
  };

  structOf(tree, CONFIG, '', null);
  return complaints;
}
