import type { Finding } from '../../../src/engine/finding.ts';
import { formatDuration } from '../../../src/engine/format.ts';
import { groupBy } from '../../../src/engine/group-by.ts';
import type { ChosenRoute, DifferentRoutes } from '../../../src/probes/jaco/network/routing-faults.ts';
import type { TrackedTraffic } from '../../../src/probes/jaco/traffic/tracked-traffic.ts';

type Waiting = NonNullable<TrackedTraffic['networks'][number]['waiting']>;

/** Fewer destinations without an answer may simply be off. */
const MIN_DESTINATIONS = 2;
/** The kernel counts in whole seconds, so this is at least 1 s, in ms. */
const MIN_WAIT_MS = 2_000;
/** A program that still wants an answer repeats its first packet within this time, in ms. */
const MAX_WAIT_MS = 20_000;
/** Most destinations that the finding names. */
const MAX_NAMED = 4;

/**
 * Packets of containers leave through another route than those of this host, such as a VPN, and connection tracking
 * shows that the containers' own connections get no answer there. No packet is sent for it, so it is evidence even if
 * nothing on this host names an external host. `judged` are the networks with other evidence about the outside.
 */
export function anotherRouteFindings(
  ways: readonly DifferentRoutes[],
  tracked: TrackedTraffic | null,
  judged: ReadonlySet<string | null>,
  pool: string,
): readonly Finding<'pool_traffic_dropped', never>[] {
  return ways.flatMap((way): readonly Finding<'pool_traffic_dropped', never>[] => {
    const own = tracked?.networks.find(({ network }) => network === way.network);
    if (own === undefined || judged.has(way.network)) return [];
    const waiting = lostSinceAnswer(own);
    if (waiting.length < MIN_DESTINATIONS) return [];
    return [
      {
        id: 'pool_traffic_dropped',
        subject: way.network,
        evidence: [
          `containers of ${way.network} opened connections to ${named(waiting)}: no answer for ${shortestWait(waiting)} or more, and no connection to the Internet was answered since (connection tracking)`,
          describeWays(way),
        ],
        cause: 'another-route',
        values: { pool, route: describeRoute(way.route) },
      },
    ];
  });
}

/** The destinations that got no answer, if no connection of the network was answered after them. */
function lostSinceAnswer({
  answered,
  answeredAgoMs = null,
  waiting = [],
}: TrackedTraffic['networks'][number]): Waiting {
  if (answered > 0 && answeredAgoMs === null) return [];
  const lost = waiting.filter(
    ({ waitedMs }) =>
      waitedMs >= MIN_WAIT_MS && waitedMs <= MAX_WAIT_MS && (answeredAgoMs === null || waitedMs < answeredAgoMs),
  );
  return [...groupBy(lost, ({ destination }) => destination).values()].map(([first]) => first);
}

/** The two routes, as evidence. */
export function describeWays({ network, route, host }: DifferentRoutes): string {
  return `the kernel routes packets of ${network} to the outside ${describeRoute(route)}, and those of this host ${describeRoute(host)}`;
}

/** A route in words, from the interface to the table. */
export function describeRoute({ dev, gateway, table }: ChosenRoute): string {
  return `through ${dev ?? 'an unknown interface'}${gateway === null ? '' : ` by way of ${gateway}`} (table ${table ?? 'main'})`;
}

function named(waiting: Waiting): string {
  const names = waiting.slice(0, MAX_NAMED).map(({ destination, port }) => `${destination}:${port ?? '?'}`);
  const more = waiting.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more hosts` : ''}`;
}

function shortestWait(waiting: Waiting): string {
  return formatDuration(Math.min(...waiting.map(({ waitedMs }) => waitedMs)) - 1_000);
}
