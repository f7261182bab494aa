import { isIP } from 'node:net';
import { factOf, failed, type Outcome, type Result, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { identity } from '../../host/identity.ts';
import { isBootstrap } from '../control/certificate-verdict.ts';
import { type Servers, servers } from '../control/servers.ts';
import { type DataDir, dataDir } from '../daemon/data-dir.ts';
import { jacodConfig } from '../daemon/jacod-config.ts';
import { jacodProcess } from '../daemon/jacod-process.ts';
import { MAX_NODE_STATUS_MS, NODE_STATUS_MS } from '../timing.ts';

/** Facts about the examined daemon's role in raft, in addition to its own answer. */
export type LocalNode = {
  /** `outside`: it is asked over the network, and its files, processes and journal are not visible. */
  readonly vantage: 'node' | 'outside';
  /**
   * The daemon's name in raft since its last start, unless the host was renamed since. From outside, its member name,
   * or its address if that is unknown.
   */
  readonly hostname: string;
  /** False if the name above is only an address. */
  readonly named: boolean;
  /** From outside: whether its operator port shows the bootstrap certificate. Null on a node. */
  readonly bootstrapLeaf: boolean | null;
  /** raft/log.db. `unknown` if it could not be looked for. */
  readonly raftState: 'present' | 'absent' | 'unknown';
  /** Why it is unknown; null if it is known. */
  readonly raftStateWhy: string | null;
  /** Why the daemon itself may not read its data directory; null if it may, or if that is unknown. */
  readonly daemonShutOut: string | null;
  readonly dataDir: string | null;
  /** Host names for which this node has certificates; null if they may not be listed. */
  readonly certificates: readonly string[] | null;
  /**
   * Raft addresses that this node was given when it joined (node/join.json, docs/jaco-daemon/daemon.md#files); null if
   * they cannot be read.
   */
  readonly joinPeers: readonly string[] | null;
  /** The path of node/ca.crt if it can be read; else null. */
  readonly caPath: string | null;
  /** cluster_addr and listen_addr if their host is an address; null if it is a name or the daemon chooses it. */
  readonly raftAddress: string | null;
  readonly grpcAddress: string | null;
  readonly raftPort: number;
  readonly grpcPort: number;
  /** The heartbeat interval of a node, in ms. */
  readonly heartbeatMs: number;
  /** Since when the daemon is running, ms since the epoch; null if that is not visible. */
  readonly startedAtMs: number | null;
};

/** The local facts by which membership is judged. */
export const localNode = derive({
  name: 'jaco.raft-host',
  from: {
    identity: attempt(identity),
    config: attempt(jacodConfig),
    data: attempt(dataDir),
    process: attempt(jacodProcess),
    servers: attempt(servers),
  },
  derive({ identity: identityOutcome, config, data, process, servers: asked }): Result<LocalNode> {
    if (asked.kind === 'value') return fromOutside(asked.value);
    if (identityOutcome.kind !== 'value') return asked.kind === 'failed' ? asked : identityOutcome;
    const identity = identityOutcome.value;
    const settings = config.kind === 'value' ? config.value.settings : null;
    const dir = factOf(data);
    const clusterAddr = settings?.clusterAddr ?? '';
    const listenAddr = settings?.listenAddr ?? '';
    return value({
      vantage: 'node',
      hostname: identity.hostname,
      named: true,
      bootstrapLeaf: null,
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
      heartbeatMs: settings?.nodeStatusIntervalMs ?? NODE_STATUS_MS,
      startedAtMs: process.kind === 'value' ? (process.value.main?.startedAtMs ?? null) : null,
    });
  },
});

function fromOutside({ lead, servers: asked }: Servers): Result<LocalNode> {
  if (lead === null) return failed('absent', 'answer', 'no server answered', servers);
  const hello = asked.find((server) => server.address === lead.address)?.hello ?? null;
  const entry = lead.status.nodes.find((node) => node.hostname === lead.hostname);
  return value({
    vantage: 'outside',
    hostname: lead.hostname ?? lead.address,
    named: lead.hostname !== null,
    bootstrapLeaf: hello?.kind === 'hello' ? isBootstrap(hello.leaf) : null,
    raftState: 'unknown',
    raftStateWhy: 'its disk is not visible over the network',
    daemonShutOut: null,
    dataDir: null,
    certificates: null,
    joinPeers: null,
    caPath: null,
    raftAddress: entry?.address ?? null,
    grpcAddress: entry?.grpcAddress || lead.address,
    raftPort: portOf(entry?.address ?? '') ?? 7001,
    grpcPort: portOf(lead.address) ?? 7000,
    heartbeatMs: MAX_NODE_STATUS_MS,
    startedAtMs: null,
  });
}

function raftStateOf(data: Outcome<DataDir>): Pick<LocalNode, 'raftState' | 'raftStateWhy'> {
  if (data.kind !== 'value')
    return { raftState: 'unknown', raftStateWhy: data.kind === 'failed' ? data.failure.detail : data.reason };
  const { raftState, path, seen: dirStatus } = data.value;
  if (raftState === 'present' || raftState === 'absent') return { raftState, raftStateWhy: null };
  const unreadPath = dirStatus === 'denied' ? path : `${path}/raft/log.db`;
  return {
    raftState: 'unknown',
    raftStateWhy: raftState === 'denied' ? `only root and jaco can read ${unreadPath}` : `${unreadPath} cannot be read`,
  };
}

/**
 * The address, if its host is a literal address: neither chosen by the daemon nor a name, which raft resolves
 * (docs/jaco-daemon/control.md#listeners, docs/jaco-daemon/raft.md#grpc-address).
 */
function pinned(address: string): string | null {
  const host = address.replace(/:\d+$/, '');
  const bare = host.replace(/^\[|\]$/g, '');
  return host === address || isIP(bare) === 0 || ['0.0.0.0', '::'].includes(bare) ? null : address;
}

/** The port of `host:port`; null if there is none. */
function portOf(address: string): number | null {
  const port = /:(\d{1,5})$/.exec(address)?.[1];
  return port === undefined ? null : Number(port);
}
