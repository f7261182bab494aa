import { isIPv4, isIPv6 } from 'node:net';

/** Host and port as Go's net.SplitHostPort splits them, or its error text. The port is not validated. */
export type HostPort =
  | { readonly kind: 'split'; readonly host: string; readonly port: string }
  | { readonly kind: 'error'; readonly text: string };

/** Go's net.SplitHostPort. */
export function splitHostPort(address: string): HostPort {
  const error = (why: string): HostPort => ({ kind: 'error', text: `address ${address}: ${why}` });
  const last = address.lastIndexOf(':');
  if (last < 0) return error('missing port in address');
  let host: string;
  let open = 0;
  let close = 0;
  if (address.startsWith('[')) {
    const end = address.indexOf(']');
    if (end < 0) return error("missing ']' in address");
    if (end + 1 === address.length) return error('missing port in address');
    if (end + 1 !== last)
      return error(address[end + 1] === ':' ? 'too many colons in address' : 'missing port in address');
    host = address.slice(1, end);
    open = 1;
    close = end + 1;
  } else {
    host = address.slice(0, last);
    if (host.includes(':')) return error('too many colons in address');
  }
  if (address.indexOf('[', open) >= 0) return error("unexpected '[' in address");
  if (address.indexOf(']', close) >= 0) return error("unexpected ']' in address");
  return { kind: 'split', host, port: address.slice(last + 1) };
}

/** A name server as the daemon completes it: port 53 by default, and brackets around a bare IPv6 address. */
export function withDnsPort(text: string): string {
  if (splitHostPort(text).kind === 'split') return text;
  return text.split(':').length > 2 ? `[${text}]:53` : `${text}:53`;
}

/**
 * The four bytes of an IPv4 address, or of one mapped to IPv6; null for anything else. Zones are not accepted, as in
 * Go.
 */
export function ipv4Bytes(text: string): readonly number[] | null {
  if (isIPv4(text)) return text.split('.').map(Number);
  if (!isIPv6(text) || text.includes('%')) return null;
  const mapped = /^\[::ffff:([0-9a-f]+):([0-9a-f]+)\]$/.exec(new URL(`http://[${text}]/`).hostname);
  if (mapped === null) return null;
  const [high, low] = [Number.parseInt(mapped[1] as string, 16), Number.parseInt(mapped[2] as string, 16)];
  return [high >> 8, high & 255, low >> 8, low & 255];
}

/** Prefix length of a CIDR as Go's net.ParseCIDR parses it; null if it rejects the text. */
export function cidrLength(text: string): number | null {
  const slash = text.indexOf('/');
  if (slash < 0) return null;
  const [address, length] = [text.slice(0, slash), text.slice(slash + 1)];
  if (!/^\d{1,7}$/.test(length) || address.includes('%')) return null;
  const most = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
  return Number(length) <= most ? Number(length) : null;
}

/** Whether Go's url.Parse accepts the text, with scheme https and a host. */
export function isHttpsUrl(text: string): boolean {
  // Go rejects exactly these characters.
  if (/[\u0000-\u001f\u007f]/.test(text)) return false;
  const [, authority = '', rest = ''] = /^https:\/\/([^/?#]*)(.*)$/is.exec(text) ?? [];
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const colon = host.startsWith('[') ? host.indexOf(':', host.indexOf(']')) : host.lastIndexOf(':');
  if (host === '' || (host.startsWith('[') && !host.includes(']'))) return false;
  if (colon >= 0 && !/^:\d*$/.test(host.slice(colon))) return false;
  const path = rest.split('?')[0] as string;
  return !/[ <>"^`{}|\\%]/.test(host) && !/%(?![0-9a-f]{2})/i.test(path);
}
