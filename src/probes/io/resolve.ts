import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { cpuFairTimeout } from '../../engine/cpu-fair-timeout.ts';
import type { FailureWhy } from '../../engine/outcome.ts';
import { clean } from '../../engine/text.ts';
import { readText } from './files.ts';

/** Where a name leads, IPv4 first; or why it leads nowhere. `code` is the resolver's own. */
export type Resolved =
  | { readonly kind: 'addresses'; readonly addresses: readonly string[]; readonly from: 'literal' | 'hosts' | 'dns' }
  | { readonly kind: 'error'; readonly why: FailureWhy; readonly code: string; readonly detail: string };

/** Addresses kept of one name. */
const MOST = 8;
/** One try at one server, in ms; the resolver itself goes on to the next server. */
const TRY_MS = 1_000;

/** What a test asks instead of the system's own servers and files. */
export type Sources = { readonly servers?: readonly string[]; readonly hosts?: string; readonly resolvConf?: string };

/**
 * Looks a host name up in /etc/hosts and then in DNS, search list included. getaddrinfo is not used: it cannot be ended and
 * would keep the process for 10 s (tooling 2.7). So mDNS and directory services are not asked. Never throws; ends at
 * `limitMs` or with the signal.
 */
export async function resolveName(
  host: string,
  { limitMs, signal, sources = {} }: { limitMs: number; signal: AbortSignal; sources?: Sources },
): Promise<Resolved> {
  if (isIP(host) !== 0) return { kind: 'addresses', addresses: [host], from: 'literal' };
  const name = host.toLowerCase().replace(/\.$/, '');
  const [hosts, conf] = await Promise.all([
    sources.hosts ?? textOf('/etc/hosts'),
    sources.resolvConf ?? textOf('/etc/resolv.conf'),
  ]);
  const listed = inHosts(hosts, name);
  if (listed.length > 0) return { kind: 'addresses', addresses: listed.slice(0, MOST), from: 'hosts' };
  if (name === 'localhost') return { kind: 'addresses', addresses: ['127.0.0.1', '::1'], from: 'hosts' };
  return askDns(host, candidates(host, conf), limitMs, signal, sources.servers);
}

async function textOf(path: string): Promise<string> {
  const read = await readText(path);
  return read.kind === 'text' ? read.text : '';
}

function inHosts(text: string, name: string): readonly string[] {
  const found = text.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    return isIP(address) !== 0 && names.some((one) => one.toLowerCase() === name) ? [address] : [];
  });
  return ipv4First([...new Set(found)]);
}

/** The names to ask for, as resolv.conf(5) orders them: one with `ndots` dots or more is tried as it stands first. */
function candidates(host: string, conf: string): readonly string[] {
  if (host.endsWith('.')) return [host.slice(0, -1)];
  const last = (key: RegExp): string | undefined => conf.match(key)?.at(-1);
  const search = (last(/^(?:search|domain)\s+.*$/gm) ?? '').trim().split(/\s+/).slice(1, 7);
  const ndots = Number(/ndots:(\d+)/.exec(last(/^options\s+.*$/gm) ?? '')?.[1] ?? 1);
  const longer = search.filter((domain) => domain !== '.').map((domain) => `${host}.${domain}`);
  return (host.match(/\./g)?.length ?? 0) >= ndots ? [host, ...longer] : [...longer, host];
}

async function askDns(
  host: string,
  names: readonly string[],
  limitMs: number,
  signal: AbortSignal,
  servers: readonly string[] | undefined,
): Promise<Resolved> {
  const resolver = new Resolver({ timeout: Math.min(TRY_MS, limitMs), tries: 2 });
  if (servers !== undefined) resolver.setServers(servers);
  let over = false;
  const end = (): void => {
    over = true;
    resolver.cancel();
  };
  const cancelTimeout = cpuFairTimeout(limitMs, end);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  let worst = 'ENOTFOUND';
  try {
    for (const name of over ? [] : names) {
      const [four, six] = await Promise.all(
        (['A', 'AAAA'] as const).map((type) =>
          resolver.resolve(name, type).then(
            (addresses) => ({ addresses: addresses as string[], code: null }),
            (error: NodeJS.ErrnoException) => ({ addresses: [], code: error.code ?? 'ERROR' }),
          ),
        ),
      );
      const addresses = [...(four?.addresses ?? []), ...(six?.addresses ?? [])];
      if (addresses.length > 0) return { kind: 'addresses', addresses: addresses.slice(0, MOST), from: 'dns' };
      const code = [four?.code, six?.code].find((one) => one != null && !ABSENT.includes(one));
      // A server that does not answer for one name will not for the next.
      if (over || code !== undefined) {
        worst = over ? 'ETIMEOUT' : (code ?? worst);
        break;
      }
    }
  } finally {
    cancelTimeout();
    signal.removeEventListener('abort', end);
  }
  return failure(host, over ? 'ETIMEOUT' : worst, limitMs, resolver.getServers());
}

const ABSENT = ['ENOTFOUND', 'ENODATA'];

const SAID: { readonly [code: string]: readonly [FailureWhy, string] } = {
  ENOTFOUND: ['absent', 'no such name in /etc/hosts or DNS'],
  ETIMEOUT: ['timeout', 'no answer from DNS'],
  ECANCELLED: ['timeout', 'no answer from DNS'],
  ECONNREFUSED: ['unreadable', 'the name server refuses the connection'],
  EREFUSED: ['unreadable', 'the name server refuses to answer (REFUSED)'],
  ESERVFAIL: ['unreadable', 'the name server fails (SERVFAIL)'],
};

function failure(host: string, code: string, limitMs: number, servers: readonly string[]): Resolved {
  const [why, said] = SAID[code] ?? (['unreadable', `DNS: ${code}`] as const);
  const within = why === 'timeout' ? ` within ${limitMs} ms` : '';
  const asked = servers.length === 0 ? 'no name server is configured' : `asked ${servers.slice(0, 3).join(', ')}`;
  return { kind: 'error', why, code, detail: clean(`${host}: ${said}${within} (${asked})`) };
}

function ipv4First(addresses: readonly string[]): readonly string[] {
  return addresses.toSorted((a, b) => isIP(a) - isIP(b));
}
