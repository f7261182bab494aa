import { isIP } from 'node:net';
import { clean } from '../../../engine/text.ts';
import { ipv4Bytes, splitHostPort, withDnsPort } from '../daemon/jacod-config/go-net.ts';

/**
 * resolv.conf as the daemon takes it (docs/jaco-daemon/network.md#upstreams): name servers in order, `host:port`; and
 * lines it leaves out.
 */
export type ResolvConf = {
  readonly servers: readonly string[];
  readonly dropped: readonly { readonly text: string; readonly why: Unused }[];
};

/** `byte-order-mark`: it precedes the key, which is then another; `too-long`: the daemon's reader gives up the whole file. */
type Unused = 'no-address' | 'docker' | 'gateway' | 'byte-order-mark' | 'too-long';

/** Go's bufio.Scanner fails at a line of so many bytes. */
const MAX_LINE_BYTES = 64 * 1024;

/** Reads it with the daemon's own rules: `search` and `options` mean nothing to it, and only literal addresses count. */
export function parseResolvConf(text: string): ResolvConf {
  const lines = text.split('\n');
  const long = lines.find((line) => line.length >= MAX_LINE_BYTES / 4 && Buffer.byteLength(line) >= MAX_LINE_BYTES);
  if (long !== undefined) return { servers: [], dropped: [{ text: clean(long, 100), why: 'too-long' }] };
  const servers: string[] = [];
  const dropped: ResolvConf['dropped'][number][] = [];
  for (const line of lines) {
    // To Go a byte order mark is no white space, as it is to JavaScript.
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
  // Go's parser takes no zone.
  if (isIP(host) === 0 || host.includes('%')) return 'no-address';
  const [a, b, , d] = ipv4Bytes(host) ?? [];
  if (a === 127 && d === 11) return 'docker';
  return a === 10 && b === 244 && d === 1 ? 'gateway' : null;
}
