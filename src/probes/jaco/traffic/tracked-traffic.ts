import { type Result, value } from '../../../engine/outcome.ts';
import { type ExternalConnections, externalConnections, readConntrack } from '../../host/conntrack.ts';
import { daemonNetwork } from '../daemon/daemon-network.ts';
import { probe } from '../jaco-probe.ts';
import { localNetworks } from '../network/local-networks.ts';

/** Connections that containers of a network opened to the outside, as the kernel tracks them now. */
export type TrackedTraffic = {
  /** `waiting` and `answeredAgoMs` are absent in recordings of versions that did not keep them. */
  readonly networks: readonly ({ readonly network: string } & Omit<ExternalConnections, 'waiting' | 'answeredAgoMs'> &
    Partial<Pick<ExternalConnections, 'waiting' | 'answeredAgoMs'>>)[];
};

/** Evidence without sending a packet: the kernel's connection tracking of the containers' own traffic. */
export const trackedTraffic = probe({
  name: 'jaco.tracked-traffic',
  observes: 'host',
  right: 'root',
  after: { network: daemonNetwork, networks: localNetworks },
  deadlineMs: 1_500,
  async collect(_io, { networks }): Promise<Result<TrackedTraffic>> {
    const connections = await readConntrack();
    if (connections.kind !== 'value') return connections;
    return value({
      networks: networks.list.map(({ name, subnet }) => ({
        network: name,
        ...externalConnections(connections.value, subnet),
      })),
    });
  },
});
