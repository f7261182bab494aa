import { ipv4Bytes } from './config/go-net.ts';

/** First and last address of an IPv4 network as numbers, or null where the text is none. */
function rangeOf(cidr: string): readonly [number, number] | null {
  const [address = '', length = ''] = cidr.split('/');
  const bytes = ipv4Bytes(address);
  const bits = /^\d{1,2}$/.test(length) ? Number(length) : Number.NaN;
  if (bytes === null || !(bits <= 32)) return null;
  const size = 2 ** (32 - bits);
  const at = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const first = at - (at % size);
  return [first, first + size - 1];
}

/** Whether two IPv4 networks share an address; what is no IPv4 network shares none. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [rangeOf(one), rangeOf(other)];
  return a !== null && b !== null && a[0] <= b[1] && b[0] <= a[1];
}
