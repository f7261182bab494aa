import { BlockList, isIP } from 'node:net';
import { factOf, notApplicable, type Result, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { hostAddresses } from '../../host/addresses.ts';
import { type Listener, listeners } from '../../host/listeners.ts';
import { type Servers, servers } from '../control/servers.ts';
import { jacodProcess } from '../daemon/jacod-process.ts';
import { localNode } from '../raft/local-node.ts';

/** One address at which a control port can be reached. */
export type ExposedPort = {
  /**
   * `operator` answers Status to any client, and before init more; `raft` uses no encryption
   * (docs/jaco-daemon/control.md#listeners).
   */
  readonly port: 'operator' | 'raft';
  readonly address: string;
  readonly number: number;
  /** Whether the address is routed on the internet. */
  readonly isPublic: boolean;
};

/** Where the operator and raft ports listen on this host; from outside, where Status was answered without a token. */
export type ExposedPorts = { readonly ports: readonly ExposedPort[] };

export const exposedPorts = derive({
  name: 'jaco.open-places',
  from: {
    servers: attempt(servers),
    host: attempt(localNode),
    listeners: attempt(listeners),
    addresses: attempt(hostAddresses),
    process: attempt(jacodProcess),
  },
  derive({ servers: asked, host, listeners: sockets, addresses, process }): Result<ExposedPorts> {
    if (asked.kind === 'value') return value({ ports: answeredFrom(asked.value) });
    if (host.kind !== 'value') return host;
    if (sockets.kind !== 'value') return sockets;
    const pid = factOf(process)?.main?.pid ?? null;
    const ours = sockets.value.listeners.filter(
      (socket) =>
        socket.protocol === 'tcp' &&
        [host.value.grpcPort, host.value.raftPort].includes(socket.port) &&
        // Only root sees the holders of other users' sockets.
        (socket.program === null || socket.program === 'jacod' || socket.pid === pid),
    );
    if (ours.some(isAnywhere) && addresses.kind === 'failed') return addresses;
    const local = factOf(addresses)?.addresses ?? [];
    const ports = ours.flatMap((socket): ExposedPort[] => {
      const port = socket.port === host.value.raftPort ? 'raft' : 'operator';
      const at = isAnywhere(socket) ? local.filter((address) => isCovered(socket, address)) : [socket.address];
      return at.map((address) => ({ port, address, number: socket.port, isPublic: isPublic(address) }));
    });
    return ports.length === 0
      ? notApplicable(`the daemon is not listening on ${host.value.grpcPort} or ${host.value.raftPort} on this host`)
      : value({ ports: ports });
  },
});

function isAnywhere({ address }: Listener): boolean {
  return address === '0.0.0.0' || address === '::';
}

/** A socket on :: also accepts IPv4, as Go creates it; one on 0.0.0.0 accepts only IPv4. */
function isCovered({ address: everywhere }: Listener, address: string): boolean {
  return everywhere === '::' || isIP(address) === 4;
}

function answeredFrom({ servers: asked }: Servers): readonly ExposedPort[] {
  return asked.flatMap(({ address, connect, answer }): ExposedPort[] => {
    if (answer.kind !== 'status' || connect.kind !== 'connected' || connect.at === undefined) return [];
    const number = Number(address.slice(address.lastIndexOf(':') + 1));
    return [{ port: 'operator', address: connect.at, number, isPublic: isPublic(connect.at) }];
  });
}

const NOT_ROUTED = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  NOT_ROUTED.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  NOT_ROUTED.addSubnet(net, bits, 'ipv6');

/**
 * Private, shared (100.64/10), link-local and loopback addresses are not public. JACO's own detection uses only those
 * (docs/jaco-daemon/control.md#listeners).
 */
function isPublic(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  const version = isIP(mapped);
  return version !== 0 && !NOT_ROUTED.check(mapped, version === 6 ? 'ipv6' : 'ipv4');
}
