import type {
  AuditEvent,
  AuditEventType,
  DeployStatusResponse,
  GetRouteResponse,
  RegistryCredentialSummary,
  ReplicaDetail,
} from '../../wire/jaco.ts';
import { timestamp } from './members.ts';

/** One operator token. `token` is what a client sends; the list shows the rest. Times in ms. */
export type DemoToken = {
  identity: string;
  token: string;
  issuedAt: number;
  revokedAt: number | null;
  allowsPrivileged: boolean;
};

/** The replicated state besides members: deployments, tokens, audit log. Tests fill it as they need. */
export type ReplicatedState = {
  deploy: DeployStatusResponse;
  replicas: ReplicaDetail[];
  routes: GetRouteResponse[];
  registries: RegistryCredentialSummary[];
  tokens: DemoToken[];
  audit: AuditEvent[];
  /** Replicas whose health is no longer reported; the last health report of all others is always current. */
  unwatched: Set<string>;
};

/**
 * The state of an empty daemon: all lists are empty, so every token is unknown (docs/jaco-daemon/raft.md#no-quorum).
 */
export function emptyState(): ReplicatedState {
  return {
    deploy: { deployments: [], replicas: [], routes: [], certs: [] },
    replicas: [],
    routes: [],
    registries: [],
    tokens: [],
    audit: [],
    unwatched: new Set(),
  };
}

/**
 * Adds one audit event. Real events carry a time and an identity if an operator caused them
 * (docs/jaco-daemon/raft.md#audit-log).
 */
export function addAuditEvent(
  content: ReplicatedState,
  event: { type: AuditEventType; identity: string; at: number | null; payload: Record<string, string> },
): void {
  const raftIndex = String(3 + content.audit.length * 4);
  const ts = event.at === null ? undefined : timestamp(event.at);
  content.audit.push({ raftIndex, type: event.type, identity: event.identity, ts, payload: event.payload });
}
