import { check } from '../../src/engine/check.ts';
import { type Finding, judged, type NotJudged, notJudgedBecause } from '../../src/engine/finding.ts';
import { factOf } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { isolationExpected } from '../../src/probes/jaco/isolation/isolation-expected.ts';
import { forwarding } from '../../src/probes/jaco/network/daemon-host-facts.ts';
import {
  type ChosenRoute,
  discardingType,
  type RoutingFault,
  routingFaults,
} from '../../src/probes/jaco/network/routing-faults.ts';
import { stoppedForwarding } from '../../src/probes/jaco/network/stopped-forwarding.ts';
import { type MeshPath, meshPaths } from '../../src/probes/jaco/traffic/mesh-paths.ts';

type Id = 'ip_forward_disabled' | 'bridge_down' | 'route_to_pool_wrong';

export default check({
  name: 'kernel-network',
  group: 'isolation',
  where: 'node',
  title: 'the kernel forwards packets and routes them to containers',
  // A host whose forwarding cannot be read is reported as such, independent of the cluster's settings.
  requires: { forwarding, expected: isolationExpected },
  reads: {
    forwarding,
    stopped: stoppedForwarding,
    routing: attempt(routingFaults),
    paths: attempt(meshPaths),
  },
  finds: ['ip_forward_disabled', 'bridge_down', 'route_to_pool_wrong'],
  judge({ forwarding: { strict }, stopped: { everywhere, interfaces }, routing, paths }) {
    const notes = [
      ...(strict.includes('jaco0')
        ? ['rp_filter is strict on jaco0: if the route back to a node is another interface, its packets are dropped']
        : []),
    ];
    const findings: Finding<Id, never>[] = [];
    if (everywhere)
      findings.push({
        id: 'ip_forward_disabled',
        subject: null,
        evidence: ['net.ipv4.ip_forward is 0'],
        cause: 'host',
      });
    else if (interfaces.length > 0)
      findings.push({
        id: 'ip_forward_disabled',
        subject: null,
        evidence: [`net.ipv4.ip_forward is 1, but forwarding is off on ${interfaces.slice(0, 10).join(', ')}`],
        cause: 'interface',
        values: { interface: interfaces[0] ?? '' },
      });
    const known = routing.kind === 'value' ? routing.value : null;
    // Without forwarding, the kernel gives no outgoing route for a container either.
    const faults = (known?.list ?? []).filter(
      ({ bridge, problem }) => problem.kind !== 'no-way-out' || (!everywhere && !interfaces.includes(bridge)),
    );
    findings.push(...faults.map(findingOf), ...(factOf(paths)?.list ?? []).flatMap(misroutedPath));
    const unjudged: NotJudged[] =
      routing.kind === 'failed' ? [notJudgedBecause('bridges and routes', routing.failure)] : [];
    return judged(findings, {
      evidence: [
        ...(!everywhere && interfaces.length === 0
          ? ['net.ipv4.ip_forward is 1, and forwarding is on for every interface of JACO']
          : []),
        ...(known === null || known.networks.length === 0 || faults.length > 0
          ? []
          : [`the kernel routes ${known.networks.length} networks of running containers to their bridges`]),
      ],
      notes: [
        ...notes,
        ...(known?.hostHasWayOut === false
          ? [
              'this host has no default route, so its containers reach no external address. If that is not intended, check ip route.',
            ]
          : []),
      ],
      notJudged: unjudged,
    });
  },
});

function findingOf({ network, bridge, replica, problem }: RoutingFault): Finding<Id, never> {
  if (problem.kind === 'bridge-missing')
    return bridgeDown(
      network,
      bridge,
      'missing',
      `interface ${bridge} does not exist, but ${replica} is running on it`,
    );
  if (problem.kind === 'bridge-down') return bridgeDown(network, bridge, 'link-down', `interface ${bridge} is down`);
  if (problem.kind === 'no-gateway-address')
    return bridgeDown(network, bridge, 'no-gateway-address', `${bridge} does not have the address ${problem.gateway}`);
  if (problem.kind === 'no-way-out')
    return {
      id: 'route_to_pool_wrong',
      subject: network,
      evidence: [
        `the kernel has no route for packets of ${replica} to external hosts: ${errorText(problem.error)}`,
        'this host itself has one',
      ],
      cause: 'no-way-out',
      values: { table: problem.table === null ? 'the table that the rules choose' : `table ${problem.table}` },
    };
  if (problem.kind === 'pool-discarded') {
    const route = `the ${problem.type} route that contains ${problem.to}`;
    return {
      id: 'route_to_pool_wrong',
      subject: network,
      evidence: [`the kernel discards packets to ${replica}: ${route}`, `its bridge is ${bridge}`],
      cause: 'pool-elsewhere',
      values: { route },
    };
  }
  if (problem.kind === 'no-bridge-route')
    return {
      id: 'route_to_pool_wrong',
      subject: network,
      evidence: [
        `the kernel has no specific route to ${replica} (${problem.to})`,
        `a route of its network to ${bridge} is missing`,
      ],
      cause: 'no-bridge-route',
      values: { bridge },
    };
  return routedElsewhere(network, problem.route, replica, `its bridge is ${bridge}`);
}

/**
 * Packets to another node are lost, and the kernel routes them through another interface than the mesh. Such a route is
 * acceptable only if they arrive.
 */
function misroutedPath(path: MeshPath): readonly Finding<Id, never>[] {
  const { network, node, outcome } = path;
  if (outcome.kind !== 'lost' || outcome.obstacle.kind !== 'route') return [];
  return [
    routedElsewhere(
      network,
      outcome.obstacle.route,
      `containers of ${network} on ${node}`,
      'packets to them are lost; the mesh interface jaco0 is up',
    ),
  ];
}

function routedElsewhere(network: string, route: ChosenRoute, target: string, expected: string): Finding<Id, never> {
  const by = [
    route.type === 'unicast' ? null : route.type,
    route.gateway === null ? null : `via ${route.gateway}`,
    route.dev === null ? null : `dev ${route.dev}`,
    route.table === null ? null : `table ${route.table}`,
  ].filter((word) => word !== null);
  const shown = `${route.to} ${by.join(' ')}`;
  return {
    id: 'route_to_pool_wrong',
    subject: network,
    evidence: [`the kernel routes ${target} as: ${shown}`, expected],
    cause: 'pool-elsewhere',
    values: { route: shown },
  };
}

function errorText(error: string): string {
  const type = discardingType(error);
  return type === null ? error : `${error} (route type ${type})`;
}

function bridgeDown(
  network: string,
  bridge: string,
  cause: 'missing' | 'link-down' | 'no-gateway-address',
  evidence: string,
): Finding<Id, never> {
  return { id: 'bridge_down', subject: network, evidence: [evidence], cause, values: { bridge } };
}
