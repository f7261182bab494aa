import { createHash } from 'node:crypto';
import type { NextStep } from '../../../engine/next-step.ts';
import { nextStepOf } from '../../../engine/next-step-of.ts';
import { factOf, type Outcome, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { dockerNetworks, type Networks } from '../../docker/networks.ts';
import { covers, ipv4, prefix, type Range, rangeOf, rangeText } from '../../host/ipv4.ts';
import { jacodConfig } from '../daemon/jacod-config.ts';
import { localNode } from '../raft/local-node.ts';
import { deployments } from '../runtime/deployments.ts';
import type { Replica } from '../runtime/replica-fact.ts';
import { replicas } from '../runtime/replicas.ts';
import { networkName, setName } from './set-name.ts';

/** One network of one deployment on this host. Time in ms since the epoch. */
export type LocalNetwork = {
  readonly deployment: string;
  /** `_default` for the implicit one. */
  readonly network: string;
  /** Docker's name of it. */
  readonly name: string;
  readonly subnet: Range;
  /** The first address of the network: JACO's resolver listens there, and it is the containers' default gateway. */
  readonly gateway: string;
  /** The bridge interface. */
  readonly bridge: string;
  /** Its set in JACO's nft table. */
  readonly set: string;
  readonly createdAtMs: number | null;
};

export type LocalNetworks = {
  readonly list: readonly LocalNetwork[];
  /**
   * When the newest Docker network of the host was created, in ms: Docker wrote rules at that time. If Docker could not
   * be asked, the newest start of a replica here. Null if unknown.
   */
  readonly newestAtMs: number | null;
  /** The root probe of that. */
  readonly docker: DockerUnavailable | null;
};

/** Why Docker could not be asked, what would let it be asked, and the probe in which the failure began. */
export type DockerUnavailable = { readonly reason: string; readonly next: NextStep; readonly root?: string };

/**
 * JACO's networks on this host, of existing deployments. Docker keeps those of deleted ones, which JACO has forgotten
 * (docs/jaco-daemon/runtime.md#foreign-network). If Docker may not be asked, the addresses of running replicas show
 * their networks.
 */
export const localNetworks = derive({
  name: 'jaco.local-networks',
  where: 'node',
  from: {
    docker: attempt(dockerNetworks),
    deployments,
    replicas: attempt(replicas),
    host: localNode,
    config: attempt(jacodConfig),
  },
  derive({ docker, deployments, replicas, host, config }) {
    const known = new Set(deployments.list.map(({ name }) => name));
    if (docker.kind === 'value')
      return value<LocalNetworks>({
        list: byDocker(docker.value, known),
        newestAtMs: Math.max(0, ...docker.value.list.map(({ createdAtMs }) => createdAtMs ?? 0)) || null,
        docker: null,
      });
    const rows = replicas.kind === 'value' ? replicas.value.rows : [];
    const here = rows.filter((row) => row.host === host.hostname && known.has(row.deployment));
    const pool = rangeOf(factOf(config)?.settings?.ipamPool ?? '');
    return value<LocalNetworks>({
      list: pool === null ? [] : byReplicas(here, pool),
      newestAtMs: Math.max(0, ...here.map(({ startedAtMs }) => startedAtMs ?? 0)) || null,
      docker: unseen(docker),
    });
  },
});

function unseen(docker: Exclude<Outcome<Networks>, { kind: 'value' }>): DockerUnavailable {
  if (docker.kind !== 'failed') return { reason: docker.reason, next: { kind: 'answer' } };
  const { failure } = docker;
  return { reason: failure.detail, next: nextStepOf(failure), root: failure.root };
}

function byDocker({ list }: Networks, known: ReadonlySet<string>): readonly LocalNetwork[] {
  return list.flatMap(({ name, jaco, subnets, bridge, createdAtMs }) => {
    const subnet = rangeOf(subnets[0] ?? '');
    if (jaco === null || subnet === null || !known.has(jaco.deployment)) return [];
    return [{ ...localOf(jaco.deployment, jaco.network, name, subnet), bridge, createdAtMs }];
  });
}

/**
 * A container may be on a foreign network with the expected name, whose address is outside of the pool
 * (docs/jaco-daemon/runtime.md#foreign-network).
 */
function byReplicas(rows: readonly Replica[], pool: Range): readonly LocalNetwork[] {
  const networksByName = new Map<string, LocalNetwork>();
  // A network is only a little older than its first replica, which therefore shows its age.
  const oldestFirst = [...rows].sort((a, b) => (a.startedAtMs ?? 0) - (b.startedAtMs ?? 0));
  for (const { deployment, state, ips, startedAtMs } of oldestFirst)
    for (const [name, ip] of state === 'running' ? Object.entries(ips) : []) {
      const address = ipv4(ip);
      const subnet = address === null ? null : prefix(address, 24);
      const own = `jaco_${deployment}_`;
      if (subnet !== null && covers([pool], subnet) && name.startsWith(own) && !networksByName.has(name))
        networksByName.set(name, {
          ...localOf(deployment, name.slice(own.length), name, subnet),
          createdAtMs: startedAtMs,
        });
    }
  return [...networksByName.values()];
}

function localOf(deployment: string, network: string, name: string, subnet: Range): LocalNetwork {
  return {
    deployment,
    network,
    name,
    subnet,
    gateway: rangeText([subnet[0] + 1, subnet[0] + 1]),
    bridge: `jaco-${shortHash(deployment)}-${shortHash(networkName(network))}`,
    set: setName(deployment, network),
    createdAtMs: null,
  };
}

/**
 * Interface names are short, so JACO uses four digits of a hash for each part
 * (docs/jaco-daemon/runtime.md#docker-names).
 */
function shortHash(text: string): string {
  return createHash('sha1').update(text).digest('hex').slice(0, 4);
}
