import { status } from '@grpc/grpc-js';
import { isOlder } from '../../probes/jaco/release/release.ts';
import {
  AuditEvent,
  AuditQueryRequest,
  ClusterStatusResponse,
  DeployStatusRequest,
  DeployStatusResponse,
  GetReplicasRequest,
  GetReplicasResponse,
  GetRouteRequest,
  GetRouteResponse,
  NodeListResponse,
  RegistryCredentialsListResponse,
  type ReplicaObserved,
  ReplicaState,
  type Timestamp,
  TokensListResponse,
} from '../../wire/jaco.ts';
import type { IncomingCall } from './grpc-server.ts';
import { timestamp } from './members.ts';
import type { ReplicatedState } from './replicated-state.ts';
import { type GrpcReply, plain, refusals, typed } from './reply.ts';

/** The state from which a daemon answers: its own status, the replicated state and its release. */
export type Daemon = {
  readonly status: ClusterStatusResponse;
  readonly content: ReplicatedState;
  readonly release: string;
};

/** Methods that v0.3.8 added (docs/jaco-daemon/releases.md#version-window). */
const SINCE_V038: readonly string[] = ['Deploy/GetReplicas', 'Deploy/GetRoute'];

/**
 * All methods of the real services (docs/jaco-daemon/control.md#rpcs). Only reads are answered; a write is a method
 * that is not implemented.
 */
const METHODS: Readonly<Record<string, readonly string[]>> = {
  Cluster: words('Init Join Status NodeList IssueJoinToken NodeJoin NodeRemove Backup Bootstrap Restore'),
  Deploy: words('Status GetReplicas GetRoute Logs Apply Rollback Delete'),
  Tokens: words('List Issue Revoke'),
  RegistryCredentials: words('List Add Remove'),
  Audit: words('Query'),
  Watch: words('Subscribe'),
  Internal: words('Submit SignNodeCert Logs EnsureSubnet'),
};
const BEFORE_INIT = new Set(words('Cluster/Init Cluster/Join Cluster/Status'));
const WITHOUT_TOKEN = new Set(
  words('Cluster/NodeJoin Cluster/Status Internal/Submit Internal/SignNodeCert Internal/Logs Internal/EnsureSubnet'),
);

/**
 * Answers one call as jacod does: first unknown names, then the check for an uninitialized daemon, then over TCP the
 * token, then the method (docs/jaco-daemon/control.md#rpcs, docs/jaco-daemon/control.md#server-options).
 */
export function answerCall(daemon: Daemon, call: IncomingCall, over: 'socket' | 'tcp'): GrpcReply {
  const [, service = '', method = ''] = call.path.split('/');
  const name = service.startsWith('jaco.v1.') ? service.slice('jaco.v1.'.length) : '';
  const methods = METHODS[name];
  if (methods === undefined) return refusals.unknownService(service);
  const key = `${name}/${method}`;
  const isLater = SINCE_V038.includes(key) && isOlder(daemon.release, 'v0.3.8');
  if (!methods.includes(method) || isLater) return refusals.unknownMethod(method, service);

  if (!daemon.status.initialized && !BEFORE_INIT.has(key)) return refusals.uninitialized;
  if (over === 'tcp' && !WITHOUT_TOKEN.has(key)) {
    const refusal = admit(daemon.content, call.authorization);
    if (refusal !== null) return refusal;
  }
  return READS[key]?.(daemon, call.body) ?? refusals.notImplemented(method);
}

function admit(content: ReplicatedState, header: string | undefined) {
  if (header === undefined) return refusals.missingHeader;
  if (!header.startsWith('Bearer ') || header === 'Bearer ') return refusals.notBearer;
  const token = content.tokens.find((candidate) => candidate.token === header.slice('Bearer '.length));
  if (token === undefined) return refusals.unknownToken;
  return token.revokedAt === null ? null : refusals.revokedToken;
}

const READS: Readonly<Record<string, (daemon: Daemon, body: Buffer) => GrpcReply>> = {
  'Cluster/Status': ({ status: clusterStatus }) => singleMessage(ClusterStatusResponse.encode(clusterStatus)),
  'Cluster/NodeList': ({ status: { nodes } }) => singleMessage(NodeListResponse.encode({ nodes })),
  'Deploy/Status': ({ content, release }, body) => {
    const { deploymentFilter } = DeployStatusRequest.decode(body);
    const replicas = reports(content, release).map((it) => withHealthTime(content, it));
    const deploy = { ...content.deploy, replicas };
    if (deploymentFilter === '') return singleMessage(DeployStatusResponse.encode(deploy));
    const deployments = deploy.deployments.filter(({ name }) => name === deploymentFilter);
    const own = deploy.replicas.filter(({ id }) => id.startsWith(`${deploymentFilter}-`));
    const routes = deploy.routes.filter(({ deployment }) => deployment === deploymentFilter);
    return singleMessage(DeployStatusResponse.encode({ ...deploy, deployments, replicas: own, routes }));
  },
  'Deploy/GetReplicas': ({ content }, body) => {
    const { deploymentFilter, serviceFilter, replicaId } = GetReplicasRequest.decode(body);
    const matches = (filter: string, value: string) => filter === '' || filter === value;
    const replicas = content.replicas.filter(
      (it) =>
        matches(deploymentFilter, it.deployment) && matches(serviceFilter, it.service) && matches(replicaId, it.id),
    );
    return singleMessage(GetReplicasResponse.encode({ replicas: replicas.map((it) => withHealthTime(content, it)) }));
  },
  'Deploy/GetRoute': ({ content }, body) => {
    const { domain } = GetRouteRequest.decode(body);
    if (domain === '') return typed(status.INVALID_ARGUMENT, 'validation_failed', 'domain is required');
    const route = content.routes.find((candidate) => candidate.domain === domain);
    if (route === undefined) return typed(status.NOT_FOUND, 'route_not_found', `no routes for domain ${domain}`);
    return singleMessage(GetRouteResponse.encode(route));
  },
  'Tokens/List': ({ content }) => {
    const tokens = content.tokens.map(({ identity, issuedAt, revokedAt, allowsPrivileged }) => {
      const revoked = revokedAt === null ? undefined : timestamp(revokedAt);
      return { identity, issuedAt: timestamp(issuedAt), revokedAt: revoked, allowsPrivileged };
    });
    return singleMessage(TokensListResponse.encode({ tokens }));
  },
  'RegistryCredentials/List': ({ content }) =>
    singleMessage(RegistryCredentialsListResponse.encode({ credentials: content.registries })),
  'Audit/Query': ({ content }, body) => {
    const { since, until, types, follow } = AuditQueryRequest.decode(body);
    if (follow) return plain(status.UNIMPLEMENTED, 'method Query not implemented');
    const events = content.audit.filter(({ type, ts }) => {
      // `since` drops events without a time, `until` keeps them (docs/jaco-daemon/raft.md#audit-log)
      if (since !== undefined && (ts === undefined || ms(ts) < ms(since))) return false;
      if (until !== undefined && ts !== undefined && ms(ts) > ms(until)) return false;
      return types.length === 0 || types.includes(type);
    });
    return { messages: events.map((event) => AuditEvent.encode(event).finish()) };
  },
};

/**
 * The reports about the replicas. Before v0.3.9 the daemon names the host only of those that are not running. They
 * follow changes of a fault in the other list (docs/jaco-daemon/releases.md#old-replica-lists).
 */
function reports({ replicas }: ReplicatedState, release: string): readonly ReplicaObserved[] {
  const rows = replicas.filter(({ state }) => state !== ReplicaState.UNSPECIFIED);
  if (!isOlder(release, 'v0.3.9')) return rows;
  return rows.map((row) => (row.state === ReplicaState.RUNNING ? { ...row, host: '' } : row));
}

/** A replica with the time of its last health report. */
function withHealthTime<T extends { id: string; lastHealthAt: Timestamp | undefined }>(
  { unwatched }: ReplicatedState,
  it: T,
): T {
  if (it.lastHealthAt === undefined || unwatched.has(it.id)) return it;
  return { ...it, lastHealthAt: timestamp(Date.now()) };
}

function singleMessage(message: { finish(): Uint8Array }): GrpcReply {
  return { messages: [message.finish()] };
}

function ms({ seconds, nanos }: Timestamp): number {
  return Number(seconds) * 1000 + nanos / 1e6;
}

function words(text: string): string[] {
  return text.split(' ');
}
