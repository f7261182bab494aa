import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { cpuFairTimeout } from '../../engine/cpu-fair-timeout.ts';
import type { FailureWhy } from '../../engine/outcome.ts';
import { clean } from '../../engine/text.ts';
import { readText } from './files.ts';

/** The addresses of a name, IPv4 first, or why it has none. `code` is that of the resolver. */
export type Resolution =
  | { readonly kind: 'addresses'; readonly addresses: readonly string[]; readonly from: 'literal' | 'hosts' | 'dns' }
  | { readonly kind: 'error'; readonly why: FailureWhy; readonly code: string; readonly detail: string };

/** Most addresses of one name that are kept. */
const MAX_ADDRESSES = 8;
/** Time for one attempt at one server, in ms; then the resolver continues with the next server. */
const ATTEMPT_MS = 1_000;

/** Replacements for the servers and files of the system, for tests. */
export type ResolverSources = {
  readonly servers?: readonly string[];
  readonly hosts?: string;
  readonly resolvConf?: string;
};

/**
 * Resolves a host name with /etc/hosts, then with DNS and its search list. getaddrinfo is not used: it cannot be ended
 * and would keep the process for 10 s (docs/architecture.md#deadlines). So mDNS and directory services are not asked.
 * Never throws; ends at `limitMs` or with the signal.
 */
export async function resolveName(
  host: string,
  { limitMs, signal, sources = {} }: { limitMs: number; signal: AbortSignal; sources?: ResolverSources },
): Promise<Resolution> {
  if (isIP(host) !== 0) return { kind: 'addresses', addresses: [host], from: 'literal' };
  const name = host.toLowerCase().replace(/\.$/, '');
  const [hosts, conf] = await Promise.all([
    sources.hosts ?? readOrEmpty('/etc/hosts'),
    sources.resolvConf ?? readOrEmpty('/etc/resolv.conf'),
  ]);
  const listed = parseHosts(hosts, name);
  if (listed.length > 0) return { kind: 'addresses', addresses: listed.slice(0, MAX_ADDRESSES), from: 'hosts' };
  if (name === 'localhost') return { kind: 'addresses', addresses: ['127.0.0.1', '::1'], from: 'hosts' };
  return queryDns(host, candidateNames(host, conf), limitMs, signal, sources.servers);
}

async function readOrEmpty(path: string): Promise<string> {
  const read = await readText(path);
  return read.kind === 'text' ? read.text : '';
}

function parseHosts(text: string, name: string): readonly string[] {
  const addresses = text.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    return isIP(address) !== 0 && names.some((one) => one.toLowerCase() === name) ? [address] : [];
  });
  return ipv4First([...new Set(addresses)]);
}

/** The names to query, in the order of resolv.conf(5): a name with at least `ndots` dots is tried unchanged first. */
function candidateNames(host: string, conf: string): readonly string[] {
  if (host.endsWith('.')) return [host.slice(0, -1)];
  const last = (key: RegExp): string | undefined => conf.match(key)?.at(-1);
  const search = (last(/^(?:search|domain)\s+.*$/gm) ?? '').trim().split(/\s+/).slice(1, 7);
  const ndots = Number(/ndots:(\d+)/.exec(last(/^options\s+.*$/gm) ?? '')?.[1] ?? 1);
  const qualified = search.filter((domain) => domain !== '.').map((domain) => `${host}.${domain}`);
  return (host.match(/\./g)?.length ?? 0) >= ndots ? [host, ...qualified] : [...qualified, host];
}

async function queryDns(
  host: string,
  names: readonly string[],
  limitMs: number,
  signal: AbortSignal,
  servers: readonly string[] | undefined,
): Promise<Resolution> {
  const resolver = new Resolver({ timeout: Math.min(ATTEMPT_MS, limitMs), tries: 2 });
  if (servers !== undefined) resolver.setServers(servers);
  let isOver = false;
  const cancel = (): void => {
    isOver = true;
    resolver.cancel();
  };
  const cancelTimeout = cpuFairTimeout(limitMs, cancel);
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  let failureCode = 'ENOTFOUND';
  try {
    for (const name of isOver ? [] : names) {
      const [ipv4, ipv6] = await Promise.all(
        (['A', 'AAAA'] as const).map((type) =>
          resolver.resolve(name, type).then(
            (addresses) => ({ addresses: addresses as string[], code: null }),
            (error: NodeJS.ErrnoException) => ({ addresses: [], code: error.code ?? 'ERROR' }),
          ),
        ),
      );
      const addresses = [...(ipv4?.addresses ?? []), ...(ipv6?.addresses ?? [])];
      if (addresses.length > 0) return { kind: 'addresses', addresses: addresses.slice(0, MAX_ADDRESSES), from: 'dns' };
      const code = [ipv4?.code, ipv6?.code].find((one) => one != null && !ABSENT.includes(one));
      // A server that does not answer for one name will not answer for the next.
      if (isOver || code !== undefined) {
        failureCode = isOver ? 'ETIMEOUT' : (code ?? failureCode);
        break;
      }
    }
  } finally {
    cancelTimeout();
    signal.removeEventListener('abort', cancel);
  }
  return resolveFailure(host, isOver ? 'ETIMEOUT' : failureCode, limitMs, resolver.getServers());
}

const ABSENT = ['ENOTFOUND', 'ENODATA'];

const RESOLVER_ERRORS: { readonly [code: string]: readonly [FailureWhy, string] } = {
  ENOTFOUND: ['absent', 'no such name in /etc/hosts or DNS'],
  ETIMEOUT: ['timeout', 'no answer from DNS'],
  ECANCELLED: ['timeout', 'no answer from DNS'],
  ECONNREFUSED: ['unreadable', 'the name server refused the connection'],
  EREFUSED: ['unreadable', 'the name server answered REFUSED'],
  ESERVFAIL: ['unreadable', 'the name server answered SERVFAIL'],
};

function resolveFailure(host: string, code: string, limitMs: number, servers: readonly string[]): Resolution {
  const [why, reason] = RESOLVER_ERRORS[code] ?? (['unreadable', `DNS: ${code}`] as const);
  const within = why === 'timeout' ? ` within ${limitMs} ms` : '';
  const queried = servers.length === 0 ? 'no name server is configured' : `asked ${servers.slice(0, 3).join(', ')}`;
  return { kind: 'error', why, code, detail: clean(`${host}: ${reason}${within} (${queried})`) };
}

function ipv4First(addresses: readonly string[]): readonly string[] {
  return addresses.toSorted((a, b) => isIP(a) - isIP(b));
}
