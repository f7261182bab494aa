import { value } from '../../../engine/outcome.ts';
import { clean } from '../../../engine/text.ts';
import { redactSecrets } from '../../../vault/redact-secrets.ts';
import type { Deployment as WireDeployment } from '../../../wire/jaco.ts';
import { asFailed } from '../../io/grpc/grpc.ts';
import { callControl, controlAccess, STORED_LIMIT_MS } from '../access/control-access.ts';
import { msOf } from '../control/status-fact.ts';
import { probe } from '../jaco-probe.ts';
import { type Declaration, readDeclarations } from './declared-routes.ts';
import { type ObservedReplica, observedReplica } from './observed-replica.ts';
import { MAX_ROWS } from './replica-fact.ts';
import { type CertificateState, certificateStateFact, type Route, routeFact } from './stored-ingress.ts';

/** A service as the scheduler sees it: compose, overridden by jaco.yaml. */
export type Service = {
  readonly name: string;
  /** Ignored if `placement` is global: one on each ready node. */
  readonly replicas: number;
  readonly placement: 'spread' | 'pack' | 'hosts' | 'global' | 'other';
  readonly hosts: readonly string[];
  /**
   * As used by DNS and ingress; containers are attached by the compose file only
   * (docs/jaco-daemon/runtime.md#networks-override).
   */
  readonly networks: readonly string[];
};

/** A stored deployment. Its manifests contain secrets and are not kept. Time in ms since the epoch. */
export type Deployment = {
  readonly name: string;
  /**
   * The apply itself sets ACTIVE, so it proves nothing; PENDING stays until the next apply
   * (docs/jaco-daemon/runtime.md#pending).
   */
  readonly status: 'pending' | 'active' | 'other';
  /** Why it is pending, or was. */
  readonly reason: string | null;
  readonly appliedRevision: string;
  /** `0` if there was none. */
  readonly previousRevision: string;
  readonly services: readonly Service[];
  readonly updatedAtMs: number | null;
};

/** The kept entries of a list of the answer; `omitted` counts those beyond its limit. */
type Stored<T> = { readonly list: readonly T[]; readonly omitted: number };

export type Deployments = Stored<Deployment> & {
  /** Absent in recordings of versions that kept the deployments only. */
  readonly routes?: Stored<Route>;
  /** Absent in the same recordings. */
  readonly certificates?: Stored<CertificateState>;
  /** The routes in the manifests of deployments; absent in the same recordings. */
  readonly declared?: readonly Declaration[];
  /**
   * The last report about each replica. Absent in recordings of versions that did not keep it. In recordings of
   * versions that asked GetReplicas for every replica, the list is empty if running replicas name their host.
   */
  readonly replicas?: Stored<ObservedReplica>;
  /**
   * Whether running replicas name their host, as since v0.3.9; null if none is running. Absent in the same recordings.
   */
  readonly namesHosts?: boolean | null;
};

const MAX_DEPLOYMENTS = 5_000;
const MAX_ROUTES = 10_000;
const PLACEMENTS = { 1: 'spread', 2: 'pack', 3: 'hosts', 4: 'global' } as const;

/** Deploy.Status of the local daemon, without the manifests. All facts in its answer come from this one call. */
export const deployments = probe({
  name: 'jaco.deployments',
  where: 'anywhere',
  after: { access: controlAccess },
  deadlineMs: STORED_LIMIT_MS + 500,
  async collect(io, { access }, signal) {
    const [
      { CertState, DeployService, Deployment: DeploymentMessage, ReplicaObserved, Route },
      { decodeLists, listField },
    ] = await Promise.all([import('../../../wire/jaco.ts'), import('../../../wire/decode-lists.ts')]);
    const manifests = new Map<string, string>();
    const keepDeployment = (one: WireDeployment): Deployment => {
      if (one.jacoYaml.includes('routes')) manifests.set(clean(one.name, 253), one.jacoYaml);
      return deploymentFact(one);
    };
    const lists = {
      deployments: listField(1, DeploymentMessage, MAX_DEPLOYMENTS, keepDeployment),
      replicas: listField(2, ReplicaObserved, MAX_ROWS, observedReplica),
      routes: listField(3, Route, MAX_ROUTES, routeFact),
      certificates: listField(4, CertState, MAX_ROUTES, certificateStateFact),
    };
    const method = { ...DeployService.status, responseDeserialize: (bytes: Buffer) => decodeLists(bytes, lists) };
    io.phase('answer');
    const request = { deploymentFilter: '', serviceFilter: '' };
    const called = await callControl(io, access, method, request, {
      limitMs: STORED_LIMIT_MS,
      signal,
    });
    if (called.kind === 'failure') return asFailed(called.failure);
    const { deployments: stored, replicas, routes, certificates } = called.response;
    const running = replicas.kept.filter(({ state }) => state === 'running');
    const namesHosts = running.length === 0 ? null : running.some(({ host }) => host !== null);
    return value<Deployments>({
      list: stored.kept,
      omitted: stored.omitted,
      routes: { list: routes.kept, omitted: routes.omitted },
      certificates: { list: certificates.kept, omitted: certificates.omitted },
      replicas: { list: replicas.kept, omitted: replicas.omitted },
      namesHosts,
      declared: await readDeclarations(manifests),
    });
  },
});

/** A deployment as a fact: bounded, cleaned, without its manifests. */
export function deploymentFact(one: WireDeployment): Deployment {
  const reason = one.statusDetails['reason'] ?? '';
  return {
    name: clean(one.name, 253),
    status: one.status === 1 ? 'pending' : one.status === 2 ? 'active' : 'other',
    reason: reason === '' ? null : clean(redactSecrets(reason)),
    appliedRevision: clean(one.appliedRevision, 20),
    previousRevision: clean(one.previousRevision, 20),
    services: one.services.slice(0, 500).map(({ name, replicas, placement, hosts, networks }) => ({
      name: clean(name, 253),
      replicas,
      placement: PLACEMENTS[placement as keyof typeof PLACEMENTS] ?? 'other',
      hosts: hosts.slice(0, 500).map((host) => clean(host, 253)),
      networks: networks.slice(0, 100).map((network) => clean(network, 253)),
    })),
    updatedAtMs: msOf(one.updatedAt),
  };
}
