import { factOf, type Result, value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import { connectionsOut, readConntrack } from '../../host/conntrack.ts';
import { rangeOf } from '../../host/ipv4.ts';
import { jacodConfig } from '../daemon/config.ts';
import { daemonNetwork } from '../daemon/daemon-network.ts';
import { probe } from '../io.ts';
import { localNetworks } from '../network/local-networks.ts';

/** Connections that containers of a network opened to the outside, as the kernel tracks them now. */
export type TrackedTraffic = {
  readonly networks: readonly { readonly network: string; readonly answered: number; readonly unanswered: number }[];
};

const DEFAULT_POOL = '10.244.0.0/16';

/** A witness that costs no packet: what the kernel's connection tracking says of the containers' own traffic. */
export const trackedTraffic = probe({
  name: 'jaco.tracked-traffic',
  observes: 'host',
  right: 'root',
  after: { network: daemonNetwork, networks: localNetworks, config: attempt(jacodConfig) },
  deadlineMs: 1_500,
  async collect(_io, { networks, config }): Promise<Result<TrackedTraffic>> {
    const connections = await readConntrack();
    if (connections.kind !== 'value') return connections;
    const pool = rangeOf(factOf(config)?.settings?.ipamPool ?? DEFAULT_POOL) ?? [0, 0];
    return value({
      networks: networks.list.map(({ name, subnet }) => ({
        network: name,
        ...connectionsOut(connections.value, subnet, pool),
      })),
    });
  },
});
