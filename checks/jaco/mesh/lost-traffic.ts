import type { Cause, Finding } from '../../../src/engine/finding.ts';
import type { MeshLines } from '../../../src/probes/jaco/journal/mesh-lines.ts';
import { MESH_INTERFACE } from '../../../src/probes/jaco/network/mesh/mesh-address.ts';
import { describeReply } from '../../../src/probes/jaco/traffic/describe-reply.ts';
import { describeRule } from '../../../src/probes/jaco/traffic/describe-rule.ts';
import type { MeshPath, Obstacle } from '../../../src/probes/jaco/traffic/mesh-paths.ts';
import type { QuietPeer } from './quiet-peers.ts';

type CheckFinding = Finding<'mesh_unavailable_spanning', never>;

/** A path on which packets were lost, and the obstacle. */
export type LostPath = MeshPath & { readonly outcome: { readonly kind: 'lost'; readonly obstacle: Obstacle } };

const MAX_PATHS = 3;
const MAX_RULES = 3;

/** Nodes that did not answer the packets sent to them, each once. */
export function lostTraffic(
  lost: readonly LostPath[],
  quiet: readonly QuietPeer[],
  failure: MeshLines['failure'],
  here: string,
): readonly CheckFinding[] {
  const nodes = [...new Set(lost.map(({ node }) => node))];
  return nodes.flatMap((node) => {
    const paths = lost.filter((path) => path.node === node);
    const [first] = paths;
    if (first === undefined) return [];
    const { obstacle } = first.outcome;
    const peer = quiet.find(({ hostname }) => hostname === node);
    return [
      {
        id: 'mesh_unavailable_spanning' as const,
        subject: node,
        evidence: [
          ...paths.slice(0, MAX_PATHS).flatMap(describePath),
          ...describeObstacle(obstacle),
          ...(peer === undefined ? [] : [peer.evidence]),
          ...(failure === null ? [] : [`jacod logged: ${failure.text}`]),
        ],
        cause: causeOf(obstacle, failure),
        values: { first: here, second: node },
      },
    ];
  });
}

function describePath(path: MeshPath): readonly string[] {
  if (path.from === 'container')
    return path.flows.flatMap(({ network, target, outcome }) =>
      outcome.kind === 'not-measured'
        ? []
        : [
            `measured: containers of ${network} to ${target.name} (${target.host} TCP ${target.port}): ${describeReply(outcome.reply)}`,
          ],
    );
  const { deployment, service, ip, gateway, gatewaySaid, connect } = path.crossing;
  const answer = gatewaySaid.kind === 'failure' ? (gatewaySaid.code ?? 'no answer') : 'an answer';
  const connectLine =
    connect === null ? '' : `, and a connect to it: ${connect.kind === 'error' ? connect.code : 'no answer'}`;
  return [
    `${service} of ${deployment} at ${ip}: its gateway ${gateway} gave ${answer} within ${(gatewaySaid.ms / 1000).toFixed(1)} s${connectLine}`,
    ...(path.crossing.via === MESH_INTERFACE
      ? []
      : [`packets to it leave through ${path.crossing.via ?? 'no route'}, not through ${MESH_INTERFACE}`]),
  ];
}

function describeObstacle(obstacle: Obstacle): readonly string[] {
  if (obstacle.kind === 'no-interface') return [`interface ${MESH_INTERFACE} does not exist`];
  if (obstacle.kind === 'route') {
    const { to, type, dev } = obstacle.route;
    return [
      `the kernel routes ${to} as ${type === 'unicast' ? `dev ${dev ?? 'none'}` : type}, not through ${MESH_INTERFACE}`,
    ];
  }
  if (obstacle.kind === 'no-route') return [`the kernel has no route to it: ${obstacle.error}`];
  if (obstacle.kind === 'changed')
    return [...new Set(obstacle.by.map(describeRule))]
      .slice(0, MAX_RULES)
      .map((rule) => `a rule of this host sets a mark, a zone or the TTL of these packets: ${rule}`);
  if (obstacle.kind === 'rule') return ['a rule of this host drops these packets'];
  return [];
}

function causeOf(obstacle: Obstacle, failure: MeshLines['failure']): Cause<'mesh_unavailable_spanning'> {
  if (obstacle.kind === 'no-interface') return failure?.noModule === true ? 'no-kernel-module' : 'no-interface';
  if (obstacle.kind === 'rule' || obstacle.kind === 'possible-rule') return 'local-rule';
  if (obstacle.kind === 'changed') return 'unknown';
  return obstacle.kind === 'no-route' ? 'route' : obstacle.kind;
}
