import { factOf, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { type Listener, listeners } from '../../host/listeners.ts';
import { daemonNetwork } from '../daemon/daemon-network.ts';
import { type Jacod, jacodProcess } from '../daemon/jacod-process.ts';
import { proxyLines } from '../journal/proxy-lines.ts';
import { ownProxyPorts } from './own-proxy-ports.ts';
import { proxyConfig } from './proxy-config.ts';

/** A port of the proxy on this node, and the sockets that listen on it, on any address. */
export type PortHolders = {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** Whether the daemon has it; null if the owner of the socket is unknown. */
  readonly daemon: boolean | null;
  /** Sockets of other programs. A socket on a single address takes the port from the daemon as well. */
  readonly others: readonly Listener[];
};

/**
 * The holders of the ports that the proxy needs (docs/jaco-daemon/ingress.md#port-conflicts). The daemon is identified
 * by its process, or without root by its user.
 */
export const portHolders = derive({
  name: 'jaco.port-holders',
  where: 'node',
  from: {
    network: daemonNetwork,
    listeners,
    ports: ownProxyPorts,
    process: attempt(jacodProcess),
    config: attempt(proxyConfig),
    lines: attempt(proxyLines),
  },
  derive({ listeners: { listeners: all }, ports, process, config, lines }) {
    const loaded = factOf(config);
    const published = loaded?.kind === 'loaded' ? loaded.published.map(({ port }) => port) : [];
    const busy = factOf(lines)?.refusal?.busy ?? null;
    const wanted = new Map<string, { readonly protocol: 'tcp' | 'udp'; readonly port: number }>();
    for (const port of [ports.http, ports.https, ports.admin, ...published])
      wanted.set(`tcp ${port}`, { protocol: 'tcp', port });
    if (busy !== null) wanted.set(`${busy.protocol} ${busy.port}`, busy);
    const main = factOf(process)?.main ?? null;
    return value<readonly PortHolders[]>(
      [...wanted.values()].map(({ protocol, port }) => {
        const sockets = all.filter(
          (one) =>
            one.protocol === protocol &&
            one.port === port &&
            // The admin endpoint has one address; the other listeners have all.
            (port !== ports.admin || ADMIN_ADDRESSES.includes(one.address)),
        );
        const owners = sockets.map((socket) => ({ socket, owner: ownerOf(socket, main) }));
        return {
          protocol,
          port,
          daemon: owners.some(({ owner }) => owner === 'daemon')
            ? true
            : owners.some(({ owner }) => owner === 'unseen')
              ? null
              : false,
          others: owners.flatMap(({ socket, owner }) => (owner === 'other' ? [socket] : [])),
        };
      }),
    );
  },
});

const ADMIN_ADDRESSES: readonly string[] = ['127.0.0.1', '0.0.0.0', '::'];

function ownerOf({ pid, uid, program }: Listener, main: Jacod | null): 'daemon' | 'other' | 'unseen' {
  if (program === 'jacod') return 'daemon';
  if (main === null) return pid === null ? 'unseen' : 'other';
  if (pid !== null) return pid === main.pid ? 'daemon' : 'other';
  if (uid !== main.uid) return 'other';
  // The user alone identifies the daemon only if it is not root.
  return uid === 0 ? 'unseen' : 'daemon';
}
