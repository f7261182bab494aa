import { factOf, type Result, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { hostAddresses } from '../../host/addresses.ts';
import { type Listener, listeners } from '../../host/listeners.ts';
import { daemonNetwork } from '../daemon/daemon-network.ts';
import { jacodProcess } from '../daemon/jacod-process.ts';
import { DNS_LISTENER_RETRY_MS } from '../timing.ts';
import { type DockerUnavailable, localNetworks } from './local-networks.ts';

/**
 * The listener on port 53 of a network's gateway, for one protocol: the daemon, another program, nothing, or unknown.
 */
export type GatewayPortState =
  | { readonly kind: 'daemon' | 'nothing' | 'unseen' }
  | { readonly kind: 'other'; readonly address: string; readonly program: string | null; readonly pid: number | null };

export type GatewayListener = {
  readonly network: string;
  readonly gateway: string;
  /** Whether this host has the address; null if unknown. Without it, nothing can listen there. */
  readonly local: boolean | null;
  readonly udp: GatewayPortState;
  readonly tcp: GatewayPortState;
  /** Whether the network or the daemon is so recent that a missing listener is normal. */
  readonly young: boolean;
};

export type GatewayListeners = {
  readonly list: readonly GatewayListener[];
  /** Why networks without a running replica are missing, and the root probe of that; null if none is missing. */
  readonly docker: DockerUnavailable | null;
};

const PORT = 53;
const WILDCARDS = ['0.0.0.0', '::'];

/**
 * Port 53 of every gateway of JACO on this host. The daemon's socket is identified by its process, or without root by
 * its user.
 */
export const gatewayListeners = derive({
  name: 'jaco.gateway-listeners',
  where: 'node',
  from: {
    network: daemonNetwork,
    networks: localNetworks,
    listeners,
    process: attempt(jacodProcess),
    addresses: attempt(hostAddresses),
  },
  derive({ networks, listeners: { listeners: all }, process, addresses }, now): Result<GatewayListeners> {
    if (addresses.kind === 'not-applicable') return addresses;
    const isYoung = (atMs: number | null): boolean => atMs !== null && now - atMs < DNS_LISTENER_RETRY_MS;
    const main = factOf(process)?.main ?? null;
    const own = factOf(addresses)?.addresses ?? null;
    const at53 = all.filter(({ port }) => port === PORT);
    const holding = (protocol: 'udp' | 'tcp', gateway: string): GatewayPortState => {
      const sockets = at53.filter(
        (socket) => socket.protocol === protocol && [gateway, ...WILDCARDS].includes(socket.address),
      );
      const exact = sockets.filter(({ address }) => address === gateway);
      if (exact.some((socket) => socket.pid !== null && socket.pid === main?.pid)) return { kind: 'daemon' };
      // The user alone identifies the daemon only if it is not root.
      const byUser = exact.find((socket) => socket.pid === null && socket.uid === main?.uid);
      if (byUser !== undefined) return byUser.uid === 0 ? { kind: 'unseen' } : { kind: 'daemon' };
      const [other] = [...exact, ...sockets];
      return other === undefined ? { kind: 'nothing' } : otherOf(other);
    };
    return value<GatewayListeners>({
      list: networks.list.map(({ name, gateway, createdAtMs }) => ({
        network: name,
        gateway,
        local: own === null ? null : own.includes(gateway),
        udp: holding('udp', gateway),
        tcp: holding('tcp', gateway),
        young: isYoung(createdAtMs) || isYoung(main?.startedAtMs ?? null),
      })),
      docker: networks.docker,
    });
  },
});

function otherOf({ address, program, pid }: Listener): GatewayPortState {
  return { kind: 'other', address, program, pid };
}

/** Whether the daemon does not have the port, over either protocol. */
export function isMissing({ udp, tcp }: GatewayListener): boolean {
  return [udp, tcp].some(({ kind }) => kind === 'other' || kind === 'nothing');
}
