import { type Result, value } from '../../engine/outcome.ts';
import { readText } from '../io/files.ts';
import { probe } from '../io/io.ts';
import { inet6Addresses } from './proc-net.ts';

/** The addresses that are local to this host, those of IPv4 first, sorted: those a daemon can listen on. */
export type Addresses = { readonly addresses: readonly string[] };

/**
 * Which addresses this host has, by the kernel's own table of local ones. Interfaces would be the wrong ones to ask: a cable
 * that is out takes no address away, and Node leaves such an interface out.
 */
export const hostAddresses = probe<Addresses>({
  name: 'host.addresses',
  observes: 'host',
  deadlineMs: 500,
  async collect(): Promise<Result<Addresses>> {
    const [table, inet6] = await Promise.all([readText('/proc/net/fib_trie'), readText('/proc/net/if_inet6')]);
    if (table.kind !== 'text') return table;
    // Without IPv6 the file of it is not there.
    const ipv6 = inet6.kind === 'text' ? [...inet6Addresses(inet6.text)].sort() : [];
    return value({ addresses: [...localAddresses(table.text), ...ipv6] });
  },
});

/** Reads the leaves of /proc/net/fib_trie: an address on a line of its own, and below it what it is. */
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
