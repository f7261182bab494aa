import { ANY_PACKET, type Packet } from '../../host/filter/packet.ts';
import type { Step } from '../../host/filter/path.ts';
import { type Range, rangeOf, rangeText } from '../../host/ipv4.ts';
import { interfaceTo, type Routes } from '../../host/routes.ts';
import type { LocalNetwork } from '../network/local-networks.ts';
import { MESH_INTERFACE, MESH_NETWORK } from '../network/mesh/slot.ts';

/** Traffic that a network of JACO's needs, as this host's packet filter meets it. */
export type Flow = {
  /** In words, with the network's name. */
  readonly what: string;
  /** The hooks it passes, in order. */
  readonly hooks: readonly Step['hook'][];
  readonly packet: Packet;
};

/** What no container's packet has: a privileged source port, a mark, a translated destination, IPsec. */
const OF_CONTAINERS = { sport: [32_768, 60_999], mark: [0], ctMark: [0], nat: [], ipsec: false } as const;

/** An address of the outside that is in nobody's list: it was example.com's. */
const OUTSIDE_ADDRESS = rangeOf('93.184.215.14') as Range;

/**
 * What must pass for one network: its containers to the outside and back, to JACO's resolver on the gateway, and where the
 * cluster has other members, to and from the same network there and from their ingress. `remote` are the parts of the
 * network on other nodes.
 */
export function flowsOf(
  { name, subnet, bridge, gateway }: LocalNetwork,
  remote: readonly Range[],
  routes: Routes | null,
  members: number,
): readonly Flow[] {
  const world = routes === null ? null : interfaceTo(routes, OUTSIDE_ADDRESS[0]);
  const packet = (given: Partial<Packet>): Packet => {
    return { ...ANY_PACKET, ...OF_CONTAINERS, proto: 'tcp', state: 'new', ...given };
  };
  const toGateway = { saddr: subnet, daddr: rangeOf(gateway), iif: bridge };
  const flows: Flow[] = [
    {
      what: `containers of ${name} asking JACO's resolver`,
      hooks: ['prerouting', 'input'],
      packet: packet({ ...toGateway, proto: 'udp', dport: [53, 53] }),
    },
  ];
  // Without a way out of this host nothing can be said of the way out of its containers.
  if (world !== null)
    flows.push(
      {
        what: `containers of ${name} to the outside`,
        hooks: ['prerouting', 'forward'],
        packet: packet({ saddr: subnet, daddr: OUTSIDE_ADDRESS, iif: bridge, oif: world }),
      },
      {
        what: `answers from the outside to containers of ${name}`,
        hooks: ['prerouting', 'forward'],
        packet: packet({
          saddr: OUTSIDE_ADDRESS,
          daddr: subnet,
          sport: null,
          iif: world,
          oif: bridge,
          ctMark: null,
          nat: null,
          state: 'established',
        }),
      },
    );
  if (members < 2) return flows;
  for (const part of remote)
    flows.push(
      {
        what: `${name} to its part on another node, ${rangeText(part)}`,
        hooks: ['prerouting', 'forward'],
        packet: packet({ saddr: subnet, daddr: part, iif: bridge, oif: MESH_INTERFACE }),
      },
      {
        what: `${name} from its part on another node, ${rangeText(part)}`,
        hooks: ['prerouting', 'forward'],
        packet: packet({ saddr: part, daddr: subnet, iif: MESH_INTERFACE, oif: bridge }),
      },
    );
  flows.push({
    what: `the ingress of other nodes to containers of ${name}`,
    hooks: ['prerouting', 'forward'],
    packet: packet({ saddr: rangeOf(MESH_NETWORK), daddr: subnet, iif: MESH_INTERFACE, oif: bridge }),
  });
  return flows;
}
