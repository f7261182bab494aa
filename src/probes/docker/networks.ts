import { type Result, value } from '../../engine/outcome.ts';
import { probe } from '../io/io.ts';
import { ask, isList, noList } from './ask.ts';
import { dockerEngine, dockerTarget } from './engine.ts';
import { list, object, text, time } from './read-json.ts';

/** A Docker network of this host. */
export type Network = {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  /** As CIDR. */
  readonly subnets: readonly string[];
  /** Its interface on this host. */
  readonly bridge: string;
  /** Ms since the epoch; null where Docker does not say. */
  readonly createdAtMs: number | null;
  /** What JACO's labels say; null where it carries none, so that somebody else made it. */
  readonly jaco: {
    readonly clusterId: string;
    readonly deployment: string;
    /** Compose's name of it, `_default` for the implicit one. */
    readonly network: string;
    readonly subnet: string;
  } | null;
};

export type Networks = { readonly list: readonly Network[]; readonly omitted: number };

const MAX_NETWORKS = 2_000;

/** All networks of the engine, whoever made them. */
export const dockerNetworks = probe({
  name: 'docker.networks',
  right: 'root or group docker',
  after: { engine: dockerEngine },
  deadlineMs: 3_500,
  async collect(io, _facts, signal): Promise<Result<Networks>> {
    const asked = await ask(dockerTarget(io), '/networks', { limitMs: 3_000, signal, maxBytes: 16 * 1024 * 1024 });
    if (asked.kind === 'failed') return asked;
    if (!isList(asked.json)) return noList('/networks');
    const all = list(asked.json).map(networkOf);
    return value({
      list: all.slice(0, MAX_NETWORKS).sort((a, b) => (a.name < b.name ? -1 : 1)),
      omitted: Math.max(0, all.length - MAX_NETWORKS),
    });
  },
});

/** An entry of /networks as a fact. */
export function networkOf(entry: unknown): Network {
  const one = object(entry);
  const labels = object(one['Labels']);
  const deployment = text(labels['jaco.deployment']);
  const configs = list(object(one['IPAM'])['Config']);
  const bridge = text(object(one['Options'])['com.docker.network.bridge.name'], 15);
  return {
    id: text(one['Id'], 64).slice(0, 12),
    name: text(one['Name']),
    driver: text(one['Driver'], 60),
    subnets: configs.slice(0, 10).flatMap((config) => text(object(config)['Subnet'], 60) || []),
    // Docker's own name for one that was given none.
    bridge: bridge || `br-${text(one['Id'], 64).slice(0, 12)}`,
    createdAtMs: time(one['Created']),
    jaco:
      deployment === ''
        ? null
        : {
            clusterId: text(labels['jaco.cluster_id'], 100),
            deployment,
            network: text(labels['jaco.network']),
            subnet: text(labels['jaco.subnet'], 60),
          },
  };
}
