import type { AutomaticDomain } from './automatic-domains.ts';

/** Most handshakes of one run. 50 domains on three nodes need them within a second. */
const MAX_HANDSHAKES = 160;
/** Most of these that go to the first node: it is this one, about which most is known. */
const MAX_OWN = 80;

/**
 * The domains to ask each node for, the first node first: all of them if they are few. Else those without a certificate
 * come first, and the other nodes share the rest, so that together they cover as many domains as possible.
 */
export function sampleDomains(
  domains: readonly AutomaticDomain[],
  nodes: number,
): readonly (readonly AutomaticDomain[])[] {
  if (domains.length * nodes <= MAX_HANDSHAKES) return Array.from({ length: nodes }, () => domains);
  const sorted = domains.toSorted((a, b) => urgency(a) - urgency(b));
  const own = sorted.slice(0, nodes === 1 ? MAX_HANDSHAKES : MAX_OWN);
  const share = Math.max(1, Math.floor((MAX_HANDSHAKES - own.length) / Math.max(1, nodes - 1)));
  return Array.from({ length: nodes }, (_, index) => {
    if (index === 0) return own;
    const from = ((index - 1) * share) % sorted.length;
    return [...sorted.slice(from), ...sorted.slice(0, from)].slice(0, share);
  });
}

/** Without a certificate first, then by expiry. */
function urgency({ state }: AutomaticDomain): number {
  return state?.notAfterMs ?? 0;
}
