import { type Result, value } from '../../engine/outcome.ts';
import { probe } from '../io/io.ts';
import { asList, asObject, asText, asTime } from '../io/read-json.ts';
import { getJson, isList, notListFailure } from './docker-api.ts';
import { dockerEngine, dockerTarget } from './engine.ts';

/** A Docker network of this host. */
export type Network = {
  readonly id: string;
  readonly name: string;
  /** As CIDR. */
  readonly subnets: readonly string[];
  /** Its interface on this host. */
  readonly bridge: string;
  /** Ms since the epoch; null if unknown. */
  readonly createdAtMs: number | null;
  /** JACO's labels; null for a network that JACO did not create. */
  readonly jaco: {
    readonly clusterId: string;
    readonly deployment: string;
    /** Its name in the compose file; `_default` for the implicit one. */
    readonly network: string;
    readonly subnet: string;
  } | null;
};

export type Networks = { readonly list: readonly Network[]; readonly omitted: number };

const MAX_NETWORKS = 2_000;

/** All networks of the engine, including those that JACO did not create. */
export const dockerNetworks = probe({
  name: 'docker.networks',
  right: 'root or group docker',
  after: { engine: dockerEngine },
  deadlineMs: 3_500,
  async collect(io, _facts, signal): Promise<Result<Networks>> {
    const answer = await getJson(dockerTarget(io), '/networks', { limitMs: 3_000, signal, maxBytes: 16 * 1024 * 1024 });
    if (answer.kind === 'failed') return answer;
    if (!isList(answer.json)) return notListFailure('/networks');
    const all = asList(answer.json).map(parseNetwork);
    return value({
      list: all.slice(0, MAX_NETWORKS).sort((a, b) => (a.name < b.name ? -1 : 1)),
      omitted: Math.max(0, all.length - MAX_NETWORKS),
    });
  },
});

/** Parses an entry of /networks. */
export function parseNetwork(entry: unknown): Network {
  const one = asObject(entry);
  const labels = asObject(one['Labels']);
  const deployment = asText(labels['jaco.deployment']);
  const configs = asList(asObject(one['IPAM'])['Config']);
  const bridge = asText(asObject(one['Options'])['com.docker.network.bridge.name'], 15);
  return {
    id: asText(one['Id'], 64).slice(0, 12),
    name: asText(one['Name']),
    subnets: configs.slice(0, 10).flatMap((config) => asText(asObject(config)['Subnet'], 60) || []),
    // Docker's default name.
    bridge: bridge || `br-${asText(one['Id'], 64).slice(0, 12)}`,
    createdAtMs: asTime(one['Created']),
    jaco:
      deployment === ''
        ? null
        : {
            clusterId: asText(labels['jaco.cluster_id'], 100),
            deployment,
            network: asText(labels['jaco.network']),
            subnet: asText(labels['jaco.subnet'], 60),
          },
  };
}
