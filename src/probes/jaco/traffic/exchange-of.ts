import type { PacketEndpoint, PacketExchange } from '../../host/filter/packet-paths.ts';
import { type Range, rangeOf } from '../../host/ipv4.ts';
import { EXTERNAL_ADDRESS, type KernelRoutes } from '../network/kernel-routes.ts';
import type { LocalContainers } from '../network/local-containers.ts';
import type { Flow } from './flow.ts';

/** Facts about this host's interfaces and routes that are needed to convert a flow to packets. */
export type ExchangeContext = { readonly kernel: KernelRoutes; readonly containers: LocalContainers };

type FlowEnds = Pick<Flow, 'kind' | 'network' | 'start' | 'target'>;

/** The packets of a flow as this host's rules see them; null if their output interface is unknown. */
export function exchangeOf(
  { kind, start, target, network }: FlowEnds,
  context: ExchangeContext,
): PacketExchange | null {
  const { kernel } = context;
  const bridge = bridgeOf(network, context);
  const local = (address: string): PacketEndpoint => ({ kind: 'host', address: addressRange(address) });
  const onBridge = (address: string): PacketEndpoint | null =>
    bridge === null ? null : { kind: 'interface', name: bridge, link: 'bridge', address: addressRange(address) };
  const base = {
    what: describeFlow({ kind, start, target, network }),
    proto: target.protocol,
    dport: target.port,
    filtersBridged: kernel.filtersBridged,
  } as const;
  if (start.kind === 'host') {
    const device = deviceTo(target.host, kernel);
    const to =
      kind === 'container' ? onBridge(target.host) : device === null ? null : outer(device, addressRange(target.host));
    const source = kind === 'container' ? gatewayOf(network, context) : addressOn(device, kernel);
    return to === null ? null : { ...base, from: { kind: 'host', address: source }, to };
  }
  const from = onBridge(start.ip);
  if (from === null) return null;
  if (kind === 'resolver-udp' || kind === 'resolver-tcp' || kind === 'outside-name')
    return { ...base, from, to: local(target.host) };
  if (kind === 'sibling') return { ...base, from, to: { ...from, address: addressRange(target.host) } };
  const device = forwardedDevice(start.ip, target.host, kernel);
  if (device === null) return null;
  const to = outer(device, addressRange(target.host));
  // Docker masquerades traffic that leaves a network, and JACO exempts its pool from that.
  return kind === 'remote' ? { ...base, from, to } : { ...base, from, to, masqueradeAs: addressOn(device, kernel) };
}

/**
 * Another host as the sender of packets, which arrive through the interface to which the kernel routes it; null if the
 * kernel was not asked.
 */
export function ethernetTo(host: string, { routes }: KernelRoutes): PacketEndpoint | null {
  const route = routes.find((one) => one.to === host && one.forwarded === null);
  return route?.kind === 'route' && route.dev !== null ? outer(route.dev, addressRange(host)) : null;
}

/** A query of a local user to a name server, through the loopback interface or out of this host. */
export function ownExchange(
  {
    what,
    host,
    port,
    uid,
    gid,
  }: {
    readonly what: string;
    readonly host: string;
    readonly port: number;
    readonly uid: number;
    readonly gid: number;
  },
  kernel: KernelRoutes,
): PacketExchange {
  const isLocal = /^127\./.test(host) || kernel.links.some(({ addresses }) => addresses.includes(host));
  const device = isLocal ? null : deviceTo(host, kernel);
  const to: PacketEndpoint =
    device === null ? { kind: 'host', address: addressRange(host) } : outer(device, addressRange(host));
  const source = isLocal ? addressRange(host) : addressOn(device, kernel);
  return {
    what,
    from: { kind: 'host', address: source, uid, gid },
    to,
    proto: 'udp',
    dport: port,
    filtersBridged: kernel.filtersBridged,
  };
}

/** A flow in words, without its measurement. */
export function describeFlow({ kind, start, target, network }: FlowEnds): string {
  const from = start.kind === 'host' ? 'this host' : `containers of ${start.network}`;
  if (target.host === '') return `${from} to ${target.name}`;
  const place = `${target.host} ${target.protocol.toUpperCase()} ${target.port}`;
  if (kind === 'resolver-udp' || kind === 'resolver-tcp' || kind === 'outside-name')
    return `${from} to JACO's resolver ${place}`;
  if (kind === 'container') return `${from} to containers of ${network} (${place})`;
  if (kind === 'peer-control' || kind === 'peer-raft') return `${from} to node ${target.name} (${place})`;
  return `${from} to ${target.name} (${place})`;
}

/** An address of the host on an interface, as a range; null if it has none. */
function addressOn(device: string | null, { links }: KernelRoutes): Range | null {
  const address = links.find(({ name }) => name === device)?.addresses[0];
  return address === undefined ? null : addressRange(address);
}

function bridgeOf(network: string | null, { containers }: ExchangeContext): string | null {
  return containers.list.find((one) => one.network === network)?.bridge ?? null;
}

function gatewayOf(network: string | null, { containers }: ExchangeContext): Range | null {
  const gateway = containers.list.find((one) => one.network === network)?.gateway;
  return gateway === undefined ? null : addressRange(gateway);
}

/**
 * The output interface of a forwarded packet. For the mesh and the outside, the kernel was asked for one address, which
 * represents all. One address of another node's subnet represents the whole subnet.
 */
function forwardedDevice(from: string, to: string, { routes }: KernelRoutes): string | null {
  const asked = routes.filter(({ forwarded }) => forwarded?.from === from);
  const route =
    asked.find((one) => one.to === to) ??
    asked.find((one) => one.to !== EXTERNAL_ADDRESS && isSameSubnet(one.to, to)) ??
    asked.find((one) => one.to === EXTERNAL_ADDRESS) ??
    routes.find((one) => one.to === EXTERNAL_ADDRESS && one.forwarded === null);
  return route?.kind === 'route' ? route.dev : null;
}

/** Each network has a /24 on each node (docs/jaco-daemon/network.md#mesh). */
function isSameSubnet(one: string, other: string): boolean {
  return one.replace(/\.\d+$/, '') === other.replace(/\.\d+$/, '');
}

/**
 * The output interface of this host's own packets: that of the next router, unless the kernel was asked for this
 * address.
 */
function deviceTo(to: string, { routes }: KernelRoutes): string | null {
  const own = routes.filter(({ forwarded }) => forwarded === null);
  const route = own.find((one) => one.to === to) ?? own.find((one) => one.to === EXTERNAL_ADDRESS);
  return route?.kind === 'route' ? route.dev : null;
}

function outer(name: string, address: Range | null): PacketEndpoint {
  const isTunnel = /^(jaco0|wg|tun|tailscale|ppp|lo)/.test(name);
  return { kind: 'interface', name, link: isTunnel ? 'tunnel' : 'ethernet', address };
}

/** One address, or a range of them written `first-last`. */
function addressRange(address: string): Range | null {
  return rangeOf(address);
}
