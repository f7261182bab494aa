import { isIP } from 'node:net';
import { factOf, type Outcome, value } from '../../engine/outcome.ts';
import { attempt, derive } from '../../engine/probe.ts';
import { identity } from '../host/identity.ts';
import { jacodConfig } from './config.ts';
import { type DataDir, dataDir } from './data-dir.ts';
import { jacodProcess } from './process.ts';

/** What this host says of its place in raft, beside what the daemon answers. */
export type RaftHost = {
  /** The name this daemon has in raft since its last start, unless the host was renamed while it ran. */
  readonly hostname: string;
  /** raft/log.db. `unknown` where it could not be looked for. */
  readonly raftState: 'present' | 'absent' | 'unknown';
  /** Why it is not known; null where it is. */
  readonly raftStateWhy: string | null;
  /** Why the daemon itself may not read its data directory; null where it may, or where that is not known. */
  readonly daemonShutOut: string | null;
  readonly dataDir: string | null;
  /** Host names that this node has certificates for; null where they may not be listed. */
  readonly certificates: readonly string[] | null;
  /** Raft addresses this node was given when it joined (live: node/join.json); null where there are none to be read. */
  readonly joinPeers: readonly string[] | null;
  /** Where node/ca.crt can be read; null where not. */
  readonly caPath: string | null;
  /** cluster_addr and listen_addr where their host is an address; null where it is a name or the daemon chooses it. */
  readonly raftAddress: string | null;
  readonly grpcAddress: string | null;
  readonly raftPort: number;
  readonly grpcPort: number;
  /** Between two heartbeats of a node, in ms. */
  readonly heartbeatMs: number;
  /** Since when the daemon runs, ms since the epoch; null where that may not be seen. */
  readonly startedAtMs: number | null;
};

/** The local half of what membership is judged by. */
export const raftHost = derive({
  name: 'jaco.raft-host',
  where: 'node',
  from: { identity, config: attempt(jacodConfig), data: attempt(dataDir), process: attempt(jacodProcess) },
  derive({ identity, config, data, process }) {
    const settings = config.kind === 'value' ? config.value.settings : null;
    const dir = factOf(data);
    const clusterAddr = settings?.clusterAddr ?? '';
    const listenAddr = settings?.listenAddr ?? '';
    return value<RaftHost>({
      hostname: identity.hostname,
      ...raftStateOf(data),
      daemonShutOut: dir?.access.kind === 'unreadable' ? dir.access.why : null,
      dataDir: dir?.path ?? null,
      certificates: dir?.certificates ?? null,
      joinPeers: dir?.peers ?? null,
      caPath: dir?.caCert === 'readable' ? `${dir.path}/node/ca.crt` : null,
      raftAddress: pinned(clusterAddr),
      grpcAddress: pinned(listenAddr),
      raftPort: portOf(clusterAddr) ?? 7001,
      grpcPort: portOf(listenAddr) ?? 7000,
      heartbeatMs: settings?.nodeStatusIntervalMs ?? 30_000,
      startedAtMs: process.kind === 'value' ? (process.value.main?.startedAtMs ?? null) : null,
    });
  },
});

function raftStateOf(data: Outcome<DataDir>): Pick<RaftHost, 'raftState' | 'raftStateWhy'> {
  if (data.kind !== 'value')
    return { raftState: 'unknown', raftStateWhy: data.kind === 'failed' ? data.failure.detail : data.reason };
  const { raftState, path, seen } = data.value;
  if (raftState === 'present' || raftState === 'absent') return { raftState, raftStateWhy: null };
  const what = seen === 'denied' ? path : `${path}/raft/log.db`;
  return {
    raftState: 'unknown',
    raftStateWhy: raftState === 'denied' ? `${what} may only be looked at by root or jaco` : `${what} cannot be read`,
  };
}

/** The address, where its host is an address: not left to the daemon, nor a name, which raft resolves (contract 1.2, 4.6). */
function pinned(address: string): string | null {
  const host = address.replace(/:\d+$/, '');
  const bare = host.replace(/^\[|\]$/g, '');
  return host === address || isIP(bare) === 0 || ['0.0.0.0', '::'].includes(bare) ? null : address;
}

/** The port of `host:port`; null where there is none. */
function portOf(address: string): number | null {
  const port = /:(\d{1,5})$/.exec(address)?.[1];
  return port === undefined ? null : Number(port);
}
