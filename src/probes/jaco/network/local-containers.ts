import { groupBy } from '../../../engine/group-by.ts';
import { value } from '../../../engine/outcome.ts';
import { derive } from '../../../engine/probe.ts';
import { dockerContainers } from '../../docker/containers.ts';
import { ipv4, overlapsAny } from '../../host/ipv4.ts';
import { localNetworks } from './local-networks.ts';

/** A running container of JACO on one of its networks on this host. Time in ms since the epoch. */
export type LocalContainer = {
  readonly id: string;
  readonly replica: string;
  readonly deployment: string;
  readonly network: string;
  readonly bridge: string;
  readonly gateway: string;
  readonly ip: string;
  readonly createdAtMs: number;
  /** When its network was created; null if Docker did not show it. */
  readonly networkCreatedAtMs: number | null;
};

export type LocalContainers = {
  /**
   * The first container of each network comes first, so that a part of the list covers as many networks as possible.
   */
  readonly list: readonly LocalContainer[];
};

/** The containers on each of JACO's networks on this host, from Docker's list. */
export const localContainers = derive({
  name: 'jaco.local-containers',
  where: 'node',
  from: { networks: localNetworks, containers: dockerContainers },
  derive({ networks, containers }) {
    const running = containers.list.filter(({ state }) => state === 'running');
    const attached = groupBy(
      running.flatMap((container) => container.networks.map(({ name, ip }) => ({ container, name, ip }))),
      ({ name }) => name,
    );
    const list = networks.list.flatMap((local) =>
      (attached.get(local.name) ?? []).flatMap(({ container: { id, replica, deployment, createdAtMs }, ip }) => {
        const address = ipv4(ip);
        // A foreign network may have the name of one of JACO's.
        if (address === null || !overlapsAny([local.subnet], [address, address])) return [];
        return [
          {
            id,
            replica,
            deployment,
            network: local.name,
            bridge: local.bridge,
            gateway: local.gateway,
            ip,
            createdAtMs,
            networkCreatedAtMs: local.createdAtMs,
          },
        ];
      }),
    );
    const rank = new Map<string, number>();
    const ranked = list.map((one) => {
      const position = rank.get(one.network) ?? 0;
      rank.set(one.network, position + 1);
      return { one, position };
    });
    return value<LocalContainers>({ list: ranked.sort((a, b) => a.position - b.position).map(({ one }) => one) });
  },
});
