import type { PacketExchange } from '../../host/filter/packet-paths.ts';
import { ipv4, prefix, rangeOf } from '../../host/ipv4.ts';
import { MESH_INTERFACE, MESH_NETWORK } from '../network/mesh/mesh-address.ts';
import type { SpanningReplicas } from '../network/spanning-replicas.ts';
import type { PeerTargets } from '../raft/peer-targets.ts';
import { type ExchangeContext, ethernetTo } from './exchange-of.ts';

/** Packets that other nodes send to this one: they cannot be sent from here, so only the rules are asked. */
export type Incoming = {
  readonly exchange: PacketExchange;
  /** The local network concerned; null for what is for the daemon itself. */
  readonly network: string | null;
};

const MAX_PEERS = 8;
const SUBNET_BITS = 24;

/**
 * What other nodes send to containers here: their ingress from the mesh's addresses (docs/jaco-daemon/network.md#mesh), their
 * containers from those of the pool. Rules may tell the two apart.
 */
export function incomingToContainers(
  { kernel, containers }: ExchangeContext,
  spanning: SpanningReplicas | null,
): readonly Incoming[] {
  const networks = new Map(containers.list.toReversed().map((one) => [one.network, one]));
  return [...networks.values()].reverse().flatMap(({ network, bridge, ip }): readonly Incoming[] => {
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

/** New connections of other members to the daemon here: requests on its operator port, raft on the other. */
export function incomingToDaemon(
  { kernel }: ExchangeContext,
  peers: PeerTargets | null,
  own: readonly { readonly host: string; readonly port: number }[],
): readonly Incoming[] {
  return (peers?.targets ?? []).slice(0, MAX_PEERS).flatMap(({ hostname, raftAddress }): readonly Incoming[] => {
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
