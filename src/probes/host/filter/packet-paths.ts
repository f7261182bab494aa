import type { Range } from '../ipv4.ts';
import { ANY_PACKET, type Packet } from './packet.ts';
import { DESTINATION_NAT_PRIORITY, type HookStep, type Path } from './path.ts';

/** The origin or the destination of a packet, from this host's view. */
export type PacketEndpoint =
  /** This host itself, or a program on it. */
  | {
      readonly kind: 'host';
      readonly address: Range | null;
      readonly uid?: number | null;
      readonly gid?: number | null;
    }
  /** Something behind an interface; `bridge` is a bridge with containers. */
  | {
      readonly kind: 'interface';
      readonly name: string;
      readonly link: 'bridge' | 'ethernet' | 'tunnel';
      readonly address: Range | null;
    };

/** A first packet and its answer, with all fields that rules may match. */
export type PacketExchange = {
  /** In words, such as `containers of web ask the resolver`. */
  readonly what: string;
  readonly from: PacketEndpoint;
  readonly to: PacketEndpoint;
  readonly proto: 'tcp' | 'udp' | 'icmp';
  /** Null for ICMP. */
  readonly dport: number | null;
  /** Source ports of the client; the default is the kernel's ephemeral ports. */
  readonly sport?: Range;
  /** The address of this host that the other side sees if this host masquerades the packet; null if unknown. */
  readonly masqueradeAs?: Range | null;
  /** Whether the kernel also evaluates IP rules for traffic within a bridge (bridge-nf-call-iptables). */
  readonly filtersBridged: boolean;
};

/** Linux's default of net.ipv4.ip_local_port_range. */
const EPHEMERAL: Range = [32_768, 60_999];
const LOOPBACK = { kind: 'interface', name: 'lo', link: 'tunnel', address: null } as const;
const SYN = 2;
const SYN_ACK = 18;
const LOWEST = -0x80000000;
const HIGHEST = 0x7fffffff;

/** The path of the first packet and the path of its answer through this host. */
export function packetPaths(exchange: PacketExchange): { readonly request: Path; readonly answer: Path } {
  const { from, to, proto, dport, sport = EPHEMERAL, masqueradeAs } = exchange;
  const server: Range | null = dport === null ? null : [dport, dport];
  const client = dport === null ? null : sport;
  const original = { saddr: from.address, daddr: to.address, sport: client, dport: server };
  const request: Packet = {
    ...between(from, to),
    proto,
    sport: client,
    dport: server,
    icmpType: proto === 'icmp' ? 'echo-request' : null,
    tcpFlags: proto === 'tcp' ? SYN : null,
    state: 'new',
    nat: [],
    direction: 'original',
    original,
    ctMark: [0],
  };
  const answer: Packet = {
    ...between(to, from),
    proto,
    sport: server,
    dport: client,
    icmpType: proto === 'icmp' ? 'echo-reply' : null,
    tcpFlags: proto === 'tcp' ? SYN_ACK : null,
    state: 'established',
    nat: masqueradeAs === undefined ? [] : ['snat'],
    direction: 'reply',
    original,
    ctMark: null,
  };
  const { what, filtersBridged } = exchange;
  return {
    request: {
      what,
      steps: stepsOf(from, to, request, filtersBridged),
      ...(masqueradeAs === undefined ? {} : { masqueradeAs }),
    },
    answer: {
      what: `the answer to: ${what}`,
      steps: stepsOf(to, from, answer, filtersBridged).flatMap((step) => beforeTranslation(step, masqueradeAs)),
    },
  };
}

function between(from: PacketEndpoint, to: PacketEndpoint): Packet {
  const owner = from.kind === 'host' ? { uid: from.uid ?? null, gid: from.gid ?? null } : ('none' as const);
  return {
    ...ANY_PACKET,
    saddr: from.address,
    daddr: to.address,
    iif: from.kind === 'interface' ? from.name : to.kind === 'host' ? LOOPBACK.name : '',
    oif: to.kind === 'interface' ? to.name : from.kind === 'host' ? LOOPBACK.name : '',
    mark: [0],
    owner,
    saddrType: from.kind === 'host' ? 'local' : 'unicast',
    daddrType: to.kind === 'host' ? 'local' : 'unicast',
    ipsec: false,
    bridged: false,
    physicalIif: from.kind === 'interface' && from.link === 'bridge' ? null : '',
    physicalOif: '',
  };
}

function stepsOf(
  from: PacketEndpoint,
  to: PacketEndpoint,
  packet: Packet,
  filtersBridged: boolean,
): readonly HookStep[] {
  if (from.kind === 'interface' && to.kind === 'interface' && from.name === to.name && from.link === 'bridge')
    return withinBridge(from.name, packet, filtersBridged);
  if (from.kind === 'host' && to.kind === 'host')
    return [
      ip('output', { ...packet, iif: '' }),
      ...leaving(LOOPBACK, packet, true),
      ...entering(LOOPBACK, { ...packet, owner: 'none' }),
      ip('input', { ...packet, oif: '', owner: 'none' }),
    ];
  return [
    ...(from.kind === 'interface' ? entering(from, packet) : [ip('output', { ...packet, iif: '' })]),
    ...(from.kind === 'interface' && to.kind === 'host' ? [ip('input', { ...packet, oif: '' })] : []),
    ...(from.kind === 'interface' && to.kind === 'interface' ? [ip('forward', packet)] : []),
    ...(to.kind === 'interface' ? leaving(to, packet, from.kind === 'host') : []),
  ];
}

function entering({ name, link }: Extract<PacketEndpoint, { kind: 'interface' }>, packet: Packet): readonly HookStep[] {
  const frame = { ...packet, iif: null, oif: null, bridge: name, state: null, physicalIif: null };
  const received = { ...packet, iif: name, oif: '' };
  return [
    ...(link === 'bridge' ? asked('bridge', ['prerouting', 'input'], frame) : []),
    { family: 'netdev', hook: 'ingress', device: name, packet: received },
    ...(link === 'tunnel' ? [] : [arp('input', received)]),
    ip('prerouting', received),
  ];
}

function leaving(
  { name, link }: Extract<PacketEndpoint, { kind: 'interface' }>,
  packet: Packet,
  local: boolean,
): readonly HookStep[] {
  // Before Linux 5.7, rules in postrouting do not see the input interface of a forwarded packet.
  const sent = { ...packet, iif: local ? '' : null };
  const frame = { ...sent, iif: null, oif: null, bridge: name, physicalOif: null };
  return [
    ip('postrouting', sent),
    ...(link === 'tunnel' ? [] : [arp('output', sent)]),
    { family: 'netdev', hook: 'egress', device: name, packet: sent },
    ...(link === 'bridge' ? asked('bridge', ['output', 'postrouting'], frame) : []),
  ];
}

/**
 * From one container to another on the same bridge. The kernel evaluates IP rules only if bridge-nf-call-iptables is
 * on.
 */
function withinBridge(bridge: string, packet: Packet, filtersBridged: boolean): readonly HookStep[] {
  const frame = { ...packet, iif: null, oif: null, bridge, state: null, physicalIif: null, physicalOif: null };
  const routed = { ...packet, physicalIif: null, physicalOif: null };
  const [before, between, after] = (['prerouting', 'forward', 'postrouting'] as const).map((hook) =>
    asked('bridge', [hook], frame),
  );
  const asIp = (step: HookStep): readonly HookStep[] => (filtersBridged ? [step] : []);
  return [
    ...(before ?? []),
    ...asIp(ip('prerouting', { ...routed, oif: '', bridged: null })),
    ...(between ?? []),
    ...asIp(ip('forward', { ...routed, bridged: true })),
    ...(after ?? []),
    ...asIp(ip('postrouting', { ...routed, iif: null, bridged: true })),
  ];
}

function ip(hook: HookStep['hook'], packet: Packet): HookStep {
  return { family: 'ip', hook, packet };
}

/** The ARP request before the packet; it is not sent if the hardware address is already known. */
function arp(hook: 'input' | 'output', { iif, oif }: Packet): HookStep {
  return { family: 'arp', hook, packet: request(iif, oif, null), seldom: true };
}

function asked(family: 'bridge', hooks: readonly HookStep['hook'][], frame: Packet): readonly HookStep[] {
  return hooks.flatMap((hook): readonly HookStep[] => [
    { family, hook, packet: request(frame.iif, frame.oif, frame.bridge), seldom: true },
    { family, hook, packet: frame },
  ]);
}

function request(iif: string | null, oif: string | null, bridge: string | null): Packet {
  return { ...ANY_PACKET, etherType: 'arp', iif, oif, bridge, state: 'invalid', mark: [0], ctMark: [0] };
}

/** Until the kernel translates it back, an answer has the masquerade address as destination. */
function beforeTranslation(step: HookStep, masqueradeAs: Range | null | undefined): readonly HookStep[] {
  if (masqueradeAs === undefined || step.packet.etherType === 'arp') return [step];
  const outer = { ...step.packet, daddr: masqueradeAs, daddrType: 'local' };
  if (step.hook === 'ingress') return [{ ...step, packet: outer }];
  if (step.family !== 'ip' || step.hook !== 'prerouting') return [step];
  // A filter of the same priority may come before or after the translation.
  const either = { ...step.packet, daddr: null, daddrType: null };
  return [
    { ...step, priorities: [LOWEST, DESTINATION_NAT_PRIORITY - 1], packet: outer },
    { ...step, priorities: [DESTINATION_NAT_PRIORITY, DESTINATION_NAT_PRIORITY], packet: either },
    { ...step, priorities: [DESTINATION_NAT_PRIORITY + 1, HIGHEST], packet: step.packet },
  ];
}
