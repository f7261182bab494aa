import { check } from '../../src/engine/check.ts';
import { type Finding, judged, type NotJudged, notJudgedBecause } from '../../src/engine/finding.ts';
import { formatTime } from '../../src/engine/format.ts';
import { factOf, type Outcome } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { dockerContainers } from '../../src/probes/docker/containers.ts';
import { dockerNetworks } from '../../src/probes/docker/networks.ts';
import { identity } from '../../src/probes/host/identity.ts';
import { runtimeLines } from '../../src/probes/jaco/journal/runtime-lines.ts';
import { clusterId } from '../../src/probes/jaco/runtime/cluster-id.ts';
import { type DeploymentEvents, deploymentEvents } from '../../src/probes/jaco/runtime/deployment-events.ts';
import { deployments } from '../../src/probes/jaco/runtime/deployments.ts';
import { ghostDeployments } from '../../src/probes/jaco/runtime/ghost-deployments.ts';
import type { Replica } from '../../src/probes/jaco/runtime/replica-fact.ts';
import { replicas } from '../../src/probes/jaco/runtime/replicas.ts';
import { strayNetworks } from '../../src/probes/jaco/runtime/stray-networks.ts';
import { foreignContainers } from './containers/foreign-containers.ts';
import { networkConflicts, unusedLeftovers } from './containers/network-conflicts.ts';

type CheckFinding = Finding<'orphan_replica' | 'network_conflict' | 'orphan_container', never>;

export default check({
  name: 'containers',
  group: 'runtime',
  where: 'anywhere',
  title: 'leftovers of deleted deployments cause no conflict',
  reads: {
    deployments,
    replicas,
    identity: attempt(identity),
    again: attempt(ghostDeployments),
    cluster: attempt(clusterId),
    containers: attempt(dockerContainers),
    networks: attempt(dockerNetworks),
    stray: attempt(strayNetworks),
    lines: attempt(runtimeLines),
    events: attempt(deploymentEvents),
  },
  finds: ['orphan_replica', 'network_conflict', 'orphan_container'],
  judge(
    { deployments: { list }, replicas: { rows }, identity, again, cluster, containers, networks, stray, lines, events },
    now,
  ) {
    const orphans = orphanReplicas(rows, factOf(again)?.ghosts ?? [], factOf(events));
    const strays = factOf(stray);
    const here = factOf(containers)?.list ?? null;
    const network =
      strays === null
        ? null
        : networkConflicts({
            deployments: list,
            rows,
            containers: here ?? [],
            stray: strays,
            lines: factOf(lines),
            now,
          });
    const foreign = here === null ? null : foreignContainers(here, rows, factOf(cluster)?.id ?? null, now);
    const node = factOf(identity)?.hostname;
    const onThisNode = [...(network?.findings ?? []), ...(foreign?.findings ?? [])];
    const findings: CheckFinding[] = [
      ...orphans,
      ...(node === undefined ? onThisNode : onThisNode.map((one): CheckFinding => ({ ...one, node }))),
    ];
    const notJudged: NotJudged[] = [
      ...notListed('containers', containers),
      ...notListed('networks', networks),
      ...(again.kind === 'failed' ? [notJudgedBecause('replicas without a deployment', again.failure)] : []),
    ];
    return judged(findings, {
      evidence: [
        'every replica belongs to a deployment',
        ...(here === null ? [] : [`${here.length} containers of JACO are on this node`]),
        ...(strays === null ? [] : ['no Docker network causes a conflict']),
      ],
      notes: [...(strays === null ? [] : unusedLeftovers(strays, network?.blamed ?? [])), ...(foreign?.notes ?? [])],
      notJudged,
    });
  },
});

/** The parts of Docker that could not be read. Over the network Docker is not visible, so nothing is missing there. */
function notListed(subject: string, outcome: Outcome): readonly NotJudged[] {
  return outcome.kind === 'failed' ? [notJudgedBecause(`Docker's ${subject}`, outcome.failure)] : [];
}

/**
 * Replicas that were written again after their deployment was deleted: one finding for each deployment
 * (docs/jaco-daemon/runtime.md#ghost-replicas).
 */
function orphanReplicas(
  rows: readonly Replica[],
  deletedDeployments: readonly string[],
  events: DeploymentEvents | null,
): readonly Finding<'orphan_replica', never>[] {
  return deletedDeployments.map((deployment) => {
    const left = rows.filter((row) => row.deployment === deployment);
    const deleted = events?.events.filter((one) => one.kind === 'delete' && one.deployment === deployment).at(-1);
    const hosts = [...new Set(left.map((row) => row.host ?? 'nodes that are not named'))].join(', ');
    const evidence = [
      `${left.length} replicas of ${deployment} are listed on ${hosts}, but that deployment does not exist`,
      ...(deleted === undefined ? [] : [`it was deleted at ${formatTime(deleted.atMs)}`]),
    ];
    return { id: 'orphan_replica', subject: deployment, evidence, values: { deployment } };
  });
}
