import type { Json } from '../../src/engine/json.ts';

type Tree = { [key: string]: unknown };

/**
 * Replaces the parts that differ between clusters and moments, and nothing else: host prefix, addresses, paths, times,
 * log indexes, pressures, key bytes, and the order of members. Empty stays empty, absent stays absent, and an address
 * still shows its owner and kind, so that "the leader is demo-1" is still compared.
 */
export function mask(answer: Json): Json {
  const tree = structuredClone(answer) as Tree;
  delete tree['ms'];
  const text = JSON.stringify(tree, (key, value: unknown) => maskLeaf(key, value));
  const masked = JSON.parse(nameAddresses(hostNames(text), tree)) as Tree;
  const response = masked['response'];
  if (isTree(response)) {
    sortBy(response['nodes'], 'hostname');
    sortBy(response['tokens'], 'identity');
  }
  return masked as unknown as Json;
}

const IPV4_PORT = /\b\d{1,3}(?:\.\d{1,3}){3}:\d+/g;
const IPV4 = /\b\d{1,3}(?:\.\d{1,3}){3}\b/g;

function maskLeaf(key: string, value: unknown): unknown {
  switch (key) {
    case 'joined_at':
    case 'last_pressure_at':
    case 'issued_at':
    case 'revoked_at':
    case 'ts':
      return value === null ? null : 'TIME';
    case 'raft_index':
      return value === '0' ? '0' : 'INDEX';
    case 'cpu_pressure':
    case 'memory_pressure':
      return value === 0 ? 0 : 'PRESSURE';
    case 'wireguard_pubkey':
      return value === '' ? '' : 'KEY';
    case 'cluster_id':
      return 'UUID';
    case 'identity':
      return typeof value === 'string' ? value.replace(/^join_token:[0-9a-f]{8}$/, 'join_token:HEX') : value;
    case 'details':
    case 'message':
      return typeof value === 'string' ? maskText(value) : value;
    default:
      return value;
  }
}

/** Texts of grpc-js: the parts that name a location or a time. */
function maskText(text: string): string {
  return (
    text
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
      .replace(/Deadline exceeded after [\d.]+s,/, 'Deadline exceeded after SECONDS,')
      .replace(/(name resolution|metadata filters|time to current attempt start): [\d.]+s,/g, '')
      .replace(/connect (\w+) \/[^\s]*?(?=\.? Resolution note)/, 'connect $1 PATH')
      // Node 24 and later.
      .replace('; if the root CA is installed locally, try running Node.js with --use-system-ca', '')
      .replace(/Error: [0-9A-F]+:error:/, 'Error: THREAD:error:')
      .replace(/:SSL routines:\w+:/, ':SSL routines:FUNCTION:')
      .replace(/:\.\.\/deps\/openssl\/[\w./]+:\d+:/, ':SOURCE:')
  );
}

function hostNames(text: string): string {
  return text.replace(/\b(?:jaco|demo)-(\d)\b/g, 'host-$1');
}

/** Names each address after the member it belongs to; those of no member by their order. */
function nameAddresses(text: string, tree: Tree): string {
  const names = new Map<string, string>();
  const nodes = isTree(tree['response']) ? tree['response']['nodes'] : [];
  for (const node of Array.isArray(nodes) ? nodes.filter(isTree) : []) {
    const host = hostNames(String(node['hostname']));
    if (node['address'] !== '') names.set(String(node['address']), `${host}:RAFT`);
    if (node['grpc_address'] !== '') names.set(String(node['grpc_address']), `${host}:GRPC`);
  }
  return text.replace(IPV4_PORT, (address) => names.get(address) ?? 'ADDRESS').replace(IPV4, 'IP');
}

function sortBy(list: unknown, key: string): void {
  if (Array.isArray(list)) list.sort((a, b) => String(a[key]).localeCompare(String(b[key])));
}

function isTree(value: unknown): value is Tree {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
