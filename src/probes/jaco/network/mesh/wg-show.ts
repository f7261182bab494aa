import { type Range, rangeOf } from '../../../host/ipv4.ts';

/** One peer of the interface, by its public key (base64). Bytes are counted since the interface was created. */
export type WgPeer = {
  readonly key: string;
  /** Ms since the epoch; null if there was no handshake. */
  readonly handshakeAtMs: number | null;
  readonly received: number;
  readonly sent: number;
  /** The allowed IPs of the peer; IPv4 only. */
  readonly allowed: readonly Range[];
};

const MAX_PEERS = 1_000;

/** Combines the output of `wg show jaco0 latest-handshakes`, `transfer` and `allowed-ips`. */
export function readPeers(handshakes: string, transfer: string, allowed: string): readonly WgPeer[] {
  const bytes = rows(transfer);
  const ranges = rows(allowed);
  return [...rows(handshakes)].slice(0, MAX_PEERS).map(([key, [seconds = '0']]) => {
    const [received = '0', sent = '0'] = bytes.get(key) ?? [];
    return {
      key,
      handshakeAtMs: Number(seconds) > 0 ? Number(seconds) * 1000 : null,
      received: Number(received) || 0,
      sent: Number(sent) || 0,
      allowed: (ranges.get(key) ?? []).flatMap((text) => {
        const range = rangeOf(text);
        return range === null ? [] : [range];
      }),
    };
  });
}

/** One key on each line, then words. Lines without a key are left out. */
function rows(text: string): ReadonlyMap<string, readonly string[]> {
  return new Map(
    text.split('\n').flatMap((line): readonly (readonly [string, readonly string[]])[] => {
      const [key = '', ...words] = line.trim().split(/\s+/);
      return /^[A-Za-z0-9+/]{43}=$/.test(key) ? [[key, words]] : [];
    }),
  );
}
