import { type Result, value } from '../../engine/outcome.ts';
import { readText } from '../io/files.ts';
import { probe } from '../io/io.ts';
import { inet6Addresses } from './proc-net.ts';

/** The local addresses of this host, IPv4 first, sorted: those that a daemon can listen on. */
export type Addresses = { readonly addresses: readonly string[] };

/**
 * The addresses of this host by the kernel's table of local addresses. os.networkInterfaces() omits an interface
 * without a carrier, which keeps its addresses.
 */
export const hostAddresses = probe<Addresses>({
  name: 'host.addresses',
  observes: 'host',
  deadlineMs: 500,
  async collect(): Promise<Result<Addresses>> {
    const [table, inet6] = await Promise.all([readText('/proc/net/fib_trie'), readText('/proc/net/if_inet6')]);
    if (table.kind !== 'text') return table;
    // Without IPv6 this file is absent.
    const ipv6 = inet6.kind === 'text' ? [...inet6Addresses(inet6.text)].sort() : [];
    return value({ addresses: [...localAddresses(table.text), ...ipv6] });
  },
});

/** Parses the leaves of /proc/net/fib_trie: an address on its own line, then its type. */
export function localAddresses(trie: string): readonly string[] {
  const addresses = new Set<string>();
  let leaf: string | null = null;
  for (const line of trie.split('\n')) {
    const address = /\|-- (\d{1,3}(?:\.\d{1,3}){3})$/.exec(line)?.[1];
    if (address !== undefined) leaf = address;
    else if (leaf !== null && /\/32 host LOCAL$/.test(line)) addresses.add(leaf);
  }
  return [...addresses].sort();
}
