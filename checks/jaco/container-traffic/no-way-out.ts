import type { Finding } from '../../../src/engine/finding.ts';
import { ipv4, isPublic } from '../../../src/probes/host/ipv4.ts';
import type { RoutingFaults } from '../../../src/probes/jaco/network/routing-faults.ts';
import type { Flow } from '../../../src/probes/jaco/traffic/flow.ts';
import type { Traffic } from '../../../src/probes/jaco/traffic/traffic.ts';

/** Most hosts that the finding names. */
const MAX_NAMED = 4;

/**
 * This host has no route to the outside, and containers get no answer from Internet hosts that its configuration or the
 * operator names. A host that names none may be isolated on purpose.
 */
export function noWayOutFinding(
  table: Traffic | null,
  routing: RoutingFaults | null,
): readonly Finding<'pool_traffic_dropped', never>[] {
  if (table === null || routing?.hostHasWayOut !== false) return [];
  const named = table.flows.filter(isToInternet);
  const names = [...new Set(named.map(({ target }) => `${target.name} (${target.host})`))];
  if (names.length === 0 || named.some(({ outcome }) => outcome.kind === 'passed')) return [];
  return [
    {
      id: 'pool_traffic_dropped',
      subject: null,
      evidence: [
        'the kernel has no route from this host to the outside',
        ...names.slice(0, MAX_NAMED).map((name) => `${name} is named for this node, and containers do not reach it`),
      ],
      cause: 'no-default-route',
    },
  ];
}

function isToInternet({ kind, start, target }: Flow): boolean {
  const address = ipv4(target.host);
  return (
    start.kind === 'container' && (kind === 'given' || kind === 'outside') && address !== null && isPublic(address)
  );
}
