import { check } from '../../src/engine/check.ts';
import { type Finding, judged, type NotJudged, notJudgedBecause } from '../../src/engine/finding.ts';
import { groupBy } from '../../src/engine/group-by.ts';
import type { NextStep } from '../../src/engine/next-step.ts';
import { nextStepOf } from '../../src/engine/next-step-of.ts';
import { factOf, type Outcome } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import type { Member } from '../../src/probes/jaco/control/status-fact.ts';
import { isolationExpected } from '../../src/probes/jaco/isolation/isolation-expected.ts';
import { meshLines } from '../../src/probes/jaco/journal/mesh-lines.ts';
import { crossNode } from '../../src/probes/jaco/network/cross-node.ts';
import { meshAddress } from '../../src/probes/jaco/network/mesh/mesh-address.ts';
import { type MeshInterface, meshInterface } from '../../src/probes/jaco/network/mesh-interface.ts';
import { knownLeader } from '../../src/probes/jaco/raft/known-leader.ts';
import { localNode } from '../../src/probes/jaco/raft/local-node.ts';
import { livenessOf, peerName } from '../../src/probes/jaco/raft/peer-answer.ts';
import { peerStatuses } from '../../src/probes/jaco/raft/peer-status.ts';
import { stableStatus } from '../../src/probes/jaco/raft/stable-status.ts';
import { isWithinReconcile, MESH_START_MS } from '../../src/probes/jaco/timing.ts';
import { type MeshPath, meshPaths } from '../../src/probes/jaco/traffic/mesh-paths.ts';
import { type LostPath, lostTraffic } from './mesh/lost-traffic.ts';
import { noMesh, quietPeers } from './mesh/quiet-peers.ts';

type CheckFinding = Finding<'mesh_address_collision' | 'mesh_unavailable' | 'mesh_unavailable_spanning', never>;

const SHOW_MESH: NextStep = { kind: 'run', argv: ['ip', '-d', 'link', 'show', 'dev', 'jaco0'] };

export default check({
  name: 'mesh',
  group: 'dns',
  where: 'node',
  title: 'containers of different nodes reach each other',
  requires: { expected: isolationExpected, leader: knownLeader },
  reads: {
    settled: stableStatus,
    host: localNode,
    mesh: meshInterface,
    paths: attempt(meshPaths),
    crossing: attempt(crossNode),
    peers: attempt(peerStatuses),
    lines: attempt(meshLines),
  },
  finds: ['mesh_address_collision', 'mesh_unavailable', 'mesh_unavailable_spanning'],
  applies: ({ settled: { last } }) =>
    last.nodes.length > 1 || 'this cluster has one member, so there is no other node to reach',
  judge({ settled: { last }, host, mesh, paths, crossing, peers, lines }, now) {
    const failure = factOf(lines)?.failure ?? null;
    const list = factOf(paths)?.list ?? [];
    const alive = (factOf(peers)?.peers ?? []).filter((peer) => livenessOf(peer) === 'answers').map(peerName);
    const quiet = quietPeers(mesh, last.nodes, alive, now);
    const lostPaths = list.filter(isLost);
    const lost = lostTraffic(
      lostPaths.filter(({ sinceMs }) => !isWithinReconcile(sinceMs, now)),
      quiet,
      failure,
      host.hostname,
    );
    const passes = list.some(({ outcome }) => outcome.kind !== 'lost');
    const young = host.startedAtMs !== null && now - host.startedAtMs < MESH_START_MS;
    const state = lost.length > 0 ? { findings: [], notes: [] } : noMesh(mesh, quiet, failure, passes, young);
    const isMeasured = list.some(({ from }) => from === 'container');
    return judged<CheckFinding['id']>([...collisions(last.nodes), ...state.findings, ...lost], {
      evidence: [...describePassed(list), ...describeInterface(mesh)],
      notes: [
        ...state.notes,
        ...describeRecent(lostPaths.filter(({ sinceMs }) => isWithinReconcile(sinceMs, now))),
        ...describeUnreachable(list),
      ],
      notJudged: meshNotJudged(
        paths.kind === 'failed' ? paths : isMeasured ? null : crossing,
        mesh,
        mesh.interface !== null && list.length === 0 && state.findings.length === 0,
      ),
    });
  },
});

function isLost(path: MeshPath): path is LostPath {
  return path.outcome.kind === 'lost';
}

function describePassed(paths: readonly MeshPath[]): readonly string[] {
  const passed = paths.filter(({ outcome }) => outcome.kind === 'passed');
  const nodesOf = (from: MeshPath['from']): string =>
    [...new Set(passed.filter((path) => path.from === from).map(({ node }) => node))].slice(0, 10).join(', ');
  const [measured, fromHost] = [nodesOf('container'), nodesOf('host')];
  return [
    ...(measured === '' ? [] : [`packets from containers here to containers on ${measured} are answered`]),
    ...(fromHost === '' ? [] : [`packets to container networks on ${fromHost} are answered`]),
  ];
}

/**
 * The other node answers that the container is unreachable. So the mesh works, and the container is a matter of that
 * node.
 */
function describeUnreachable(paths: readonly MeshPath[]): readonly string[] {
  return paths.flatMap(({ node, network, outcome }) =>
    outcome.kind === 'host-unreachable'
      ? [`${node} is reachable, but reports that its containers on ${network} do not answer`]
      : [],
  );
}

/**
 * The daemon updates routes, rules and their sets every 30 s. Until then a new path does not work
 * (docs/jaco-daemon/network.md#mesh).
 */
function describeRecent(young: readonly MeshPath[]): readonly string[] {
  return young.slice(0, 5).map((path) => {
    const target = path.from === 'host' ? path.crossing.gateway : (path.flows[0]?.target.host ?? '');
    return `no answer from ${target} on ${path.node} yet: ${path.deployment} has been running on both nodes for less than 33 s, and each daemon adds its routes up to 30 s later`;
  });
}

function describeInterface({
  interface: meshDevice,
  peers,
}: {
  readonly interface: { readonly kind: string; readonly up: boolean } | null;
  readonly peers: readonly unknown[] | null;
}): readonly string[] {
  if (meshDevice === null) return [];
  return [
    `jaco0 is ${meshDevice.up ? 'up' : 'down'}${peers === null ? '' : ` and has ${peers.length} peer${peers.length === 1 ? '' : 's'}`}`,
  ];
}

function meshNotJudged(
  crossing: Outcome | null,
  { peersUnseen, peersFailure: why }: MeshInterface,
  matters: boolean,
): readonly NotJudged[] {
  return [
    ...(crossing?.kind === 'failed' ? [notJudgedBecause('traffic to other nodes', crossing.failure)] : []),
    // If traffic is seen to pass, or the mesh itself is faulty, its handshakes do not matter.
    ...(matters && peersUnseen !== null
      ? [
          {
            subject: 'handshakes of the mesh',
            reason: peersUnseen,
            next: why === undefined ? SHOW_MESH : nextStepOf({ why, phase: 'wg' }),
          },
        ]
      : []),
  ];
}

/**
 * Members whose names map to the same mesh address. With 254 addresses this becomes likely from about twenty members
 * on.
 */
function collisions(nodes: readonly Member[]): readonly Finding<'mesh_address_collision', never>[] {
  const hostnames = nodes.map(({ hostname }) => hostname);
  return [...groupBy(hostnames, meshAddress)]
    .filter(([, names]) => names.length > 1)
    .map(([address, names]) => ({
      id: 'mesh_address_collision',
      subject: names.slice(0, 5).join(', '),
      evidence: [`${names.slice(0, 5).join(' and ')} both map to ${address}`],
      values: { first: names[0] ?? '', second: names[1] ?? '' },
    }));
}
