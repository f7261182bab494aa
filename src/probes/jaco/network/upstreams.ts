import { isIP } from 'node:net';
import { factOf, failed, type Outcome, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { covers, ipv4, rangeOf } from '../../host/ipv4.ts';
import { splitHostPort, withDnsPort } from '../daemon/jacod-config/go-net.ts';
import { type JacodConfig, jacodConfig } from '../daemon/jacod-config.ts';
import { START_ACCURACY_MS } from '../daemon/jacod-process.ts';
import { type DnsLines, dnsLines } from '../journal/dns-lines.ts';
import { localNode } from '../raft/local-node.ts';
import { FORWARDER_TIMEOUT_MS } from '../timing.ts';
import { type HostResolvers, hostResolvers } from './host-resolvers.ts';

/** One name server of the daemon's list. `text` is as in the list, with a port. */
export type Upstream = {
  readonly text: string;
  /** Its address; null if the daemon itself could not connect to it. The host may be a name. */
  readonly place: { readonly host: string; readonly port: number } | null;
  /** Whether it is a gateway of the pool, so that a question would loop. */
  readonly loop: boolean;
};

/** The name servers that the daemon asks for external names, in its order. */
export type Upstreams = {
  readonly list: readonly Upstream[];
  /** The source: the running daemon's log, its configuration file, or the host's file. */
  readonly from: 'log' | 'forwarders' | 'resolv.conf';
  /** False if the file changed after the daemon read it, so that it may use other servers. */
  readonly certain: boolean;
  /** The daemon's timeout for each, in ms. */
  readonly timeoutMs: number;
};

/**
 * The name servers in use. They are read once, when raft opens (docs/jaco-daemon/network.md#upstreams), so the daemon's
 * log is the best source.
 */
export const upstreams = derive({
  name: 'jaco.upstreams',
  where: 'node',
  from: { config: jacodConfig, lines: dnsLines, file: attempt(hostResolvers), host: localNode },
  derive({ config, lines, file, host }) {
    const { settings } = config;
    if (settings === null)
      return failed('withheld', 'config', `${config.path} cannot be parsed as the daemon parses it`, jacodConfig);
    const chosen = choose(config, settings.forwarders, lines, file, host.startedAtMs);
    if (chosen.kind !== 'chosen') return chosen;
    return value<Upstreams>({
      list: chosen.list.map((text) => upstreamOf(text, settings.ipamPool)),
      from: chosen.from,
      certain: chosen.certain,
      timeoutMs: settings.forwarderTimeoutMs || FORWARDER_TIMEOUT_MS,
    });
  },
});

function choose(
  config: JacodConfig,
  forwarders: readonly string[],
  { configured }: DnsLines,
  file: Outcome<HostResolvers>,
  startedAtMs: number | null,
) {
  const unchanged = (changedAtMs: number | null): boolean =>
    startedAtMs === null || changedAtMs === null || changedAtMs <= startedAtMs + START_ACCURACY_MS;
  if (configured !== null) return { kind: 'chosen', list: configured.upstreams, from: 'log', certain: true } as const;
  if (forwarders.length > 0)
    return { kind: 'chosen', list: forwarders, from: 'forwarders', certain: unchanged(config.changedAtMs) } as const;
  // Without the file, the daemon has no name servers and logs that.
  if (file.kind !== 'value' && !(file.kind === 'failed' && file.failure.why === 'absent')) return file;
  const host = factOf(file);
  return {
    kind: 'chosen',
    list: host?.servers ?? [],
    from: 'resolv.conf',
    certain: unchanged(config.changedAtMs) && unchanged(host?.changedAtMs ?? null),
  } as const;
}

/** Classifies an entry. The daemon recognises gateways of its default pool only; here the configured pool is used. */
export function upstreamOf(text: string, pool: string): Upstream {
  const full = withDnsPort(text);
  const split = splitHostPort(full);
  const port = split.kind === 'split' && /^\d{1,5}$/.test(split.port) ? Number(split.port) : 0;
  const host = split.kind === 'split' ? split.host : '';
  const dialable = port > 0 && port < 65_536 && (isIP(host) !== 0 || /^[a-z0-9]([a-z0-9._-]*[a-z0-9.])?$/i.test(host));
  return { text: full, place: dialable ? { host, port } : null, loop: isGateway(host, pool) };
}

/** Every /24 of the pool has its gateway at .1 (docs/jaco-daemon/network.md#dns-listeners). */
export function isGateway(host: string, pool: string): boolean {
  const [address, range] = [ipv4(host), rangeOf(pool)];
  return address !== null && range !== null && address % 256 === 1 && covers([range], [address, address]);
}
