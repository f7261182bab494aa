import { isIP } from 'node:net';
import { clean } from '../../../engine/text.ts';
import { ipv4Bytes, splitHostPort, withDnsPort } from '../daemon/jacod-config/go-net.ts';

/**
 * resolv.conf as the daemon takes it (docs/jaco-daemon/network.md#upstreams): name servers in order, `host:port`; and
 * lines it leaves out.
 */
export type ResolvConf = {
  readonly servers: readonly string[];
  readonly dropped: readonly { readonly text: string; readonly why: 'no-address' | 'docker' | 'gateway' }[];
};

/** Lines read, at most. */
const MAX_LINES = 500;

/** Reads it with the daemon's own rules: `search` and `options` mean nothing to it, and only literal addresses count. */
export function parseResolvConf(text: string): ResolvConf {
  const servers: string[] = [];
  const dropped: ResolvConf['dropped'][number][] = [];
  for (const line of text.split('\n').slice(0, MAX_LINES)) {
    const [key, raw] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (key !== 'nameserver' || raw === undefined) continue;
    const why = whyDropped(raw);
    if (why === null) servers.push(withDnsPort(clean(raw, 100)));
    else dropped.push({ text: clean(raw, 100), why });
  }
  return { servers, dropped };
}

function whyDropped(raw: string): 'no-address' | 'docker' | 'gateway' | null {
  const split = splitHostPort(withDnsPort(raw));
  const host = split.kind === 'split' ? split.host : '';
  // Go's parser takes no zone.
  if (isIP(host) === 0 || host.includes('%')) return 'no-address';
  const [a, b, , d] = ipv4Bytes(host) ?? [];
  if (a === 127 && d === 11) return 'docker';
  return a === 10 && b === 244 && d === 1 ? 'gateway' : null;
}
