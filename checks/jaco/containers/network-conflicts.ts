import type { Finding } from '../../../src/engine/finding.ts';
import { formatTime } from '../../../src/engine/format.ts';
import type { Container } from '../../../src/probes/docker/containers.ts';
import { dockerError } from '../../../src/probes/docker/docker-error.ts';
import type { Network } from '../../../src/probes/docker/networks.ts';
import type { RuntimeLines } from '../../../src/probes/jaco/journal/runtime-lines.ts';
import type { Deployment } from '../../../src/probes/jaco/runtime/deployments.ts';
import type { Replica } from '../../../src/probes/jaco/runtime/replica-fact.ts';
import { dockerName, type StrayNetworks } from '../../../src/probes/jaco/runtime/stray-networks.ts';
import { RETRY_LOG_MS } from '../../../src/probes/jaco/timing.ts';

type CheckFinding = Finding<'network_conflict', never>;

type NetworkFacts = {
  readonly deployments: readonly Deployment[];
  readonly rows: readonly Replica[];
  readonly containers: readonly Container[];
  readonly stray: StrayNetworks;
  readonly lines: RuntimeLines | null;
  readonly now: number;
};

/**
 * Docker networks that prevent the start of a deployment, or that it uses by mistake. `blamed` lists these networks.
 */
export function networkConflicts(facts: NetworkFacts): {
  readonly findings: readonly CheckFinding[];
  readonly blamed: readonly Network[];
} {
  const { stray } = facts;
  const taken = stray.namesakes.map((network) => namesake(network, facts));
  const failures = failedCreations(facts);
  // A network with addresses of the pool that belongs to no deployment may be the one that conflicts.
  const suspects = failures.length === 0 ? [] : [...stray.left, ...stray.overlapping];
  const conflicting = suspects.map((network): CheckFinding => {
    const left = stray.left.includes(network);
    const origin = left
      ? `is left over from the deleted deployment ${network.jaco?.deployment}`
      : 'has none of JACO’s labels and is inside its pool';
    return {
      id: 'network_conflict',
      subject: network.name,
      cause: left ? 'left-behind' : 'foreign-addresses',
      evidence: [`${network.name} (${network.subnets.join(', ')}) ${origin}`, ...failures],
      values: { network: network.name },
    };
  });
  return { findings: [...taken, ...conflicting], blamed: [...stray.namesakes, ...suspects] };
}

/** Error texts about networks that the daemon could not create because their addresses are in use. */
function failedCreations({ rows, containers, lines, now }: NetworkFacts): readonly string[] {
  const failed = Object.entries(lines?.bridgeFailed ?? {}).filter(
    ([, { atMs, text }]) => now - atMs < RETRY_LOG_MS && dockerError(text).kind === 'address-overlap',
  );
  const logged = failed.map(([replica, { atMs, text }]) => `${replica}, at ${formatTime(atMs)}: ${text}`);
  if (lines?.seen) return [...new Set(logged)].slice(0, 6);
  // Without the journal: the container exists, but the network that it needs was not created.
  const wanted = new Set(rows.map((row) => row.id));
  const lost = containers.flatMap((one) => {
    const error = dockerError(one.look?.error ?? '');
    if (error.kind !== 'no-network' || one.deployment.includes('_') || !wanted.has(one.replica)) return [];
    return [`${one.name} cannot start: network ${error.network} not found`];
  });
  return [...new Set(lost)].slice(0, 6);
}

function namesake(network: Network, { deployments, containers, stray }: NetworkFacts): CheckFinding {
  const owner = deployments.find((one) =>
    one.services.some((service) => service.networks.some((name) => dockerName(one.name, name) === network.name)),
  );
  const on = containers.filter((one) => one.networks.some(({ name }) => name === network.name));
  const evidence = [
    `${network.name} (${network.subnets.join(', ') || 'no addresses'}) has none of JACO's labels, but deployment ${owner?.name} needs a network of that name`,
    on.length === 0
      ? 'no container of JACO is attached to it'
      : `${on
          .map(({ name }) => name)
          .slice(0, 5)
          .join(', ')} ${on.length === 1 ? 'is' : 'are'} attached to it, outside of the pool ${stray.pool}`,
  ];
  return {
    id: 'network_conflict',
    subject: network.name,
    cause: 'foreign-name',
    evidence,
    values: { network: network.name },
  };
}

/** Leftover networks that cause no conflict yet. */
export function unusedLeftovers(stray: StrayNetworks, blamed: readonly Network[]): readonly string[] {
  const idle = stray.left.filter((network) => !blamed.includes(network));
  const overlapping = stray.overlapping.filter((network) => !blamed.includes(network));
  return [
    ...idle
      .slice(0, 5)
      .map(
        ({ name, subnets, jaco }) =>
          `${name} (${subnets.join(', ')}) is left over from the deleted deployment ${jaco?.deployment}; the next deployment may get the same addresses and then cannot start`,
      ),
    ...overlapping
      .slice(0, 5)
      .map(
        ({ name, subnets }) =>
          `${name} (${subnets.join(', ')}) is not a network of JACO, but is inside its pool ${stray.pool}`,
      ),
  ];
}
