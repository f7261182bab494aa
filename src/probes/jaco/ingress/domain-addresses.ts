import { setMaxListeners } from 'node:events';
import { value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import type { NameServer, Rcode } from '../../io/dns/message.ts';
import { queryUdp } from '../../io/dns/query-udp.ts';
import { resolveName } from '../../io/resolve-name.ts';
import { probe } from '../jaco-probe.ts';
import { type AcmeLines, acmeLines } from '../journal/acme-lines.ts';
import { upstreams } from '../network/upstreams.ts';
import { type AutomaticDomain, automaticDomains } from './automatic-domains.ts';

/** The address of a domain, from a name server of this node. `rcode` is null if it did not answer. */
export type DomainAddress = {
  readonly domain: string;
  readonly rcode: Rcode | null;
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
};

export type DomainAddresses = {
  /** `address:port` of the name server; null if none could be asked. */
  readonly server: string | null;
  readonly list: readonly DomainAddress[];
};

/** Most domains to ask for: addresses are evidence for a cause, and never a finding. */
const MAX_DOMAINS = 10;
const LIMIT_MS = 1_000;
/** A certificate that expires later than this, in ms, hardly depends on a renewal. */
const SOON_MS = 31 * 86_400_000;

/**
 * A and AAAA of the domains whose certificate is missing, expires soon or was refused. The other domains are not asked
 * for.
 */
export const domainAddresses = probe({
  name: 'jaco.domain-addresses',
  observes: 'host',
  after: { domains: automaticDomains, upstreams, lines: attempt(acmeLines) },
  deadlineMs: 3_500,
  async collect(io, { domains, upstreams: { list }, lines }, signal) {
    const wanted = troubledDomains(domains.list, lines.kind === 'value' ? lines.value : null, Date.now());
    const upstream = list.find(({ place, loop }) => place !== null && !loop)?.place ?? null;
    if (wanted.length === 0 || upstream === null) return value<DomainAddresses>({ server: null, list: [] });
    setMaxListeners(0, signal);
    io.phase('answer');
    const resolved = await resolveName(upstream.host, { limitMs: LIMIT_MS, signal });
    if (resolved.kind === 'error') return value<DomainAddresses>({ server: null, list: [] });
    const server: NameServer = { address: resolved.addresses[0] ?? upstream.host, port: upstream.port };
    const asked = wanted.map(async (domain): Promise<DomainAddress> => {
      const options = { limitMs: LIMIT_MS, signal };
      const [a, aaaa] = await Promise.all([
        queryUdp(server, { name: domain, type: 'A' }, options),
        queryUdp(server, { name: domain, type: 'AAAA' }, options),
      ]);
      return {
        domain,
        rcode: a.kind === 'answer' ? a.rcode : null,
        ipv4: a.kind === 'answer' ? a.addresses : [],
        ipv6: aaaa.kind === 'answer' ? aaaa.addresses : [],
      };
    });
    return value<DomainAddresses>({ server: `${server.address}:${server.port}`, list: await Promise.all(asked) });
  },
});

function troubledDomains(domains: readonly AutomaticDomain[], lines: AcmeLines | null, now: number): readonly string[] {
  const refused = new Set(lines?.domains.filter(({ refusal }) => refusal !== null).map(({ domain }) => domain));
  return domains
    .filter(({ domain, state }) => (state?.notAfterMs ?? 0) - now < SOON_MS || refused.has(domain))
    .slice(0, MAX_DOMAINS)
    .map(({ domain }) => domain);
}
