import { isIP } from 'node:net';
import { clean } from '../../../engine/text.ts';
import { ipv4Bytes, splitHostPort, withDnsPort } from '../daemon/jacod-config/go-net.ts';

/**
 * resolv.conf as the daemon parses it (docs/jaco-daemon/network.md#upstreams): name servers in order, `host:port`, and
 * the lines that it ignores.
 */
export type ResolvConf = {
  readonly servers: readonly string[];
  readonly dropped: readonly { readonly text: string; readonly why: Unused }[];
};

/**
 * `byte-order-mark`: it precedes the key, which is then unknown. `too-long`: the daemon's reader rejects the whole
 * file.
 */
type Unused = 'no-address' | 'docker' | 'gateway' | 'byte-order-mark' | 'too-long';

/** Go's bufio.Scanner fails for a line of this many bytes. */
const MAX_LINE_BYTES = 64 * 1024;

/** Parses it with the daemon's own rules: `search` and `options` are ignored, and only literal addresses count. */
export function parseResolvConf(text: string): ResolvConf {
  const lines = text.split('\n');
  const long = lines.find((line) => line.length >= MAX_LINE_BYTES / 4 && Buffer.byteLength(line) >= MAX_LINE_BYTES);
  if (long !== undefined) return { servers: [], dropped: [{ text: clean(long, 100), why: 'too-long' }] };
  const servers: string[] = [];
  const dropped: ResolvConf['dropped'][number][] = [];
  for (const line of lines) {
    // In Go, unlike in JavaScript, a byte order mark is not white space.
    const [key, raw] = line
      .replace(/#.*/, '')
      .split(/[^\S\ufeff]+/)
      .filter((word) => word !== '');
    if (raw === undefined) continue;
    const why = key === '\ufeffnameserver' ? 'byte-order-mark' : key === 'nameserver' ? whyDropped(raw) : 'other-key';
    if (why === null) servers.push(withDnsPort(clean(raw, 100)));
    else if (why !== 'other-key') dropped.push({ text: clean(raw, 100), why });
  }
  return { servers, dropped };
}

function whyDropped(raw: string): 'no-address' | 'docker' | 'gateway' | null {
  const split = splitHostPort(withDnsPort(raw));
  const host = split.kind === 'split' ? split.host : '';
  // Go's parser accepts no zone.
  if (isIP(host) === 0 || host.includes('%')) return 'no-address';
  const [a, b, , d] = ipv4Bytes(host) ?? [];
  if (a === 127 && d === 11) return 'docker';
  return a === 10 && b === 244 && d === 1 ? 'gateway' : null;
}
