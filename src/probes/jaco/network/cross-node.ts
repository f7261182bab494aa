import { setMaxListeners } from 'node:events';
import { factOf, failed, type Result, value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import { ipv4 } from '../../host/ipv4.ts';
import { interfaceTo, type Routes } from '../../host/routes.ts';
import type { DnsResult } from '../../io/dns/message.ts';
import { queryUdp } from '../../io/dns/query-udp.ts';
import { type ConnectResult, isLocalShortage, tryConnect } from '../../io/try-connect.ts';
import { daemonNetwork } from '../daemon/daemon-network.ts';
import { probe } from '../jaco-probe.ts';
import { mainRoutes } from './daemon-host-facts.ts';
import { type RemoteReplica, spanningReplicas } from './spanning-replicas.ts';

/** Whether packets to another node are answered. */
export type NodeReachability = RemoteReplica & {
  /** Their output interface; null if there is no route, or if the routes could not be read. */
  readonly via: string | null;
  /**
   * JACO's resolver on the other node's gateway. Any answer, including a refusal, shows that packets arrive in both
   * directions.
   */
  readonly gatewaySaid: DnsResult;
  /** A bare connect to the replica's own address, if the gateway was silent: a firewall may block only the gateway. */
  readonly connect: ConnectResult | null;
  readonly reached: boolean;
};

export type CrossNode = { readonly crossings: readonly NodeReachability[] };

export const DNS_PORT = 53;
/** A port on which nothing listens (tcpmux). The kernel answers with a reset, and no program notices. */
export const CLOSED_PORT = 1;
const LIMIT_MS = 1_500;

/** Sends to other nodes what containers would send, and waits for an answer. */
export const crossNode = probe({
  name: 'jaco.cross-node',
  observes: 'host',
  after: { network: daemonNetwork, spanning: spanningReplicas, routes: attempt(mainRoutes) },
  deadlineMs: 4_500,
  async collect(io, { spanning: { remotes }, routes }, signal): Promise<Result<CrossNode>> {
    setMaxListeners(0, signal);
    io.phase('answer');
    const table = factOf(routes);
    const crossings = await Promise.all(remotes.map((remote) => testCrossing(remote, table, signal)));
    const lacks = crossings
      .flatMap(({ connect }) => (connect?.kind === 'error' ? [connect.code] : []))
      .find(isLocalShortage);
    if (lacks !== undefined) return failed('unreadable', 'connect', `nothing could be sent to other nodes: ${lacks}`);
    return value({ crossings });
  },
});

async function testCrossing(
  remote: RemoteReplica,
  table: Routes | null,
  signal: AbortSignal,
): Promise<NodeReachability> {
  const via = table === null ? null : interfaceTo(table, ipv4(remote.ip) ?? 0);
  const server = { address: remote.gateway, port: DNS_PORT };
  const gatewaySaid = await queryUdp(server, { name: remote.service, type: 'A' }, { limitMs: LIMIT_MS, signal });
  if (gatewaySaid.kind === 'answer' || gatewaySaid.why === 'refused' || gatewaySaid.why === 'garbled')
    return { ...remote, via, gatewaySaid, connect: null, reached: true };
  const connect = await tryConnect({ host: remote.ip, port: CLOSED_PORT }, LIMIT_MS, signal);
  const reached =
    connect.kind === 'connected' || (connect.kind === 'error' && ['ECONNREFUSED', 'ECONNRESET'].includes(connect.code));
  return { ...remote, via, gatewaySaid, connect, reached };
}
