import {
  type AuditEvent,
  type AuditEventType,
  DeploymentStatus,
  type DeployStatusResponse,
  type GetRouteResponse,
  Placement,
  type RegistryCredentialSummary,
  type ReplicaDetail,
  ReplicaState,
} from '../wire/jaco.ts';
import { timestamp } from './members.ts';

/** One operator token. `token` is what a client sends; the list shows the rest. Times in ms. */
export type DemoToken = {
  identity: string;
  token: string;
  issuedAt: number;
  revokedAt: number | null;
  allowsPrivileged: boolean;
};

/** Everything replicated besides members: what runs, who may ask, what happened. Tests fill it as they need. */
export type Content = {
  deploy: DeployStatusResponse;
  replicas: ReplicaDetail[];
  routes: GetRouteResponse[];
  registries: RegistryCredentialSummary[];
  tokens: DemoToken[];
  audit: AuditEvent[];
};

/** What a daemon shows that knows no state: all lists empty, so that every token is unknown (live C1.1). */
export function noContent(): Content {
  return {
    deploy: { deployments: [], replicas: [], routes: [], certs: [] },
    replicas: [],
    routes: [],
    registries: [],
    tokens: [],
    audit: [],
  };
}

/** Writes one audit event. Real ones carry a time and an identity if an operator caused them (contract 4.7). */
export function audited(
  content: Content,
  event: { type: AuditEventType; identity: string; at: number | null; payload: Record<string, string> },
): void {
  const raftIndex = String(3 + content.audit.length * 4);
  const ts = event.at === null ? undefined : timestamp(event.at);
  content.audit.push({ raftIndex, type: event.type, identity: event.identity, ts, payload: event.payload });
}

/** Fills in a deployment `name` of one service with `count` running replicas, spread over the hosts. */
export function deployRunning(content: Content, name: string, count: number, hosts: readonly string[]): void {
  const now = Date.now();
  const startedAt = timestamp(now - 3_600_000);
  const lastHealthAt = timestamp(now);
  content.deploy.deployments.push({
    name,
    appliedRevision: '1',
    previousRevision: '0',
    status: DeploymentStatus.ACTIVE,
    statusDetails: {},
    jacoYaml: `deployment: ${name}\nservices:\n  - name: web\n    replicas: ${count}\n`,
    composeYaml: 'services:\n  web:\n    image: nginx:1\n',
    services: [{ name: 'web', replicas: count, placement: Placement.SPREAD, hosts: [], networks: ['default'] }],
    updatedAt: startedAt,
    acmeEmail: '',
  });
  for (let index = 0; index < count; index++) {
    const id = `${name}-web-${index}`;
    const host = hosts[index % hosts.length] ?? '';
    const containerId = index.toString(16).padStart(64, '0');
    const state = ReplicaState.RUNNING;
    const observed = { code: '', message: '', details: {}, containerId, host, startedAt, lastHealthAt };
    content.deploy.replicas.push({ id, state, ...observed });
    content.replicas.push({
      ...{ id, deployment: name, service: 'web', index, state, image: 'nginx:1', revision: '40', restartCount: 0 },
      ...{ lastAttemptAt: undefined, dependsOn: [], ...observed },
    });
  }
}
