import type { PacketExchange } from '../../host/filter/packet-paths.ts';
import { ipv4, prefix, rangeOf } from '../../host/ipv4.ts';
import { MESH_INTERFACE, MESH_NETWORK } from '../network/mesh/mesh-address.ts';
import type { SpanningReplicas } from '../network/spanning-replicas.ts';
import type { PeerTargets } from '../raft/peer-targets.ts';
import { type ExchangeContext, ethernetTo } from './exchange-of.ts';

/** Packets from other nodes to this one. They cannot be sent from here, so only the rules are evaluated. */
export type IncomingPackets = {
  readonly exchange: PacketExchange;
  /** The local network; null for traffic to the daemon. */
  readonly network: string | null;
};

const MAX_PEERS = 8;
const SUBNET_BITS = 24;

/**
 * Traffic from other nodes to containers on this node: their ingress uses the mesh's addresses
 * (docs/jaco-daemon/network.md#mesh), their containers those of the pool. Rules may distinguish the two.
 */
export function packetsToContainers(
  { kernel, containers }: ExchangeContext,
  spanning: SpanningReplicas | null,
): readonly IncomingPackets[] {
  const networks = new Map(containers.list.toReversed().map((one) => [one.network, one]));
  return [...networks.values()].reverse().flatMap(({ network, bridge, ip }): readonly IncomingPackets[] => {
    const subnets = (spanning?.remotes ?? []).flatMap((remote) => {
      const address = ipv4(remote.ip);
      const subnet = remote.network === network && address !== null ? prefix(address, SUBNET_BITS) : null;
      return subnet === null ? [] : [{ node: remote.host, subnet }];
    });
    const sources = [
      { what: `other nodes to containers of ${network}`, source: rangeOf(MESH_NETWORK) },
      ...subnets.map(({ node, subnet }) => ({
        what: `containers of ${node} to containers of ${network}`,
        source: subnet,
      })),
    ];
    return sources.map(({ what, source }) => ({
      network,
      exchange: {
        what,
        from: { kind: 'interface', name: MESH_INTERFACE, link: 'tunnel', address: source },
        to: { kind: 'interface', name: bridge, link: 'bridge', address: rangeOf(ip) },
        proto: 'tcp',
        dport: null,
        filtersBridged: kernel.filtersBridged,
      },
    }));
  });
}

/** New connections from other members to the daemon on this node: requests on its operator port, and raft. */
export function packetsToDaemon(
  { kernel }: ExchangeContext,
  peers: PeerTargets | null,
  own: readonly { readonly host: string; readonly port: number }[],
): readonly IncomingPackets[] {
  return (peers?.targets ?? []).slice(0, MAX_PEERS).flatMap(({ hostname, raftAddress }): readonly IncomingPackets[] => {
    const [host = ''] = (raftAddress ?? '').split(':');
    const from = ethernetTo(host, kernel);
    if (from === null) return [];
    return own.map(({ host: here, port }) => ({
      network: null,
      exchange: {
        what: `node ${hostname ?? host} to jacod on this node (${here} TCP ${port})`,
        from,
        to: { kind: 'host', address: rangeOf(here) },
        proto: 'tcp',
        dport: port,
        filtersBridged: kernel.filtersBridged,
      },
    }));
  });
}
