import { factOf, notApplicable, type Result, value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import { dockerContainers } from '../../docker/containers.ts';
import { asFailed, type CallFailure, type CallResult } from '../../io/grpc/grpc.ts';
import { callControl, controlAccess } from '../access/control-access.ts';
import { probe } from '../jaco-probe.ts';
import { stableStatus } from '../raft/stable-status.ts';
import { deletedDeployments } from './deleted-deployments.ts';
import { deployments } from './deployments.ts';
import { deploymentsNeedingDetails } from './deployments-needing-details.ts';
import { MAX_ROWS, type Replica, replicaFact } from './replica-fact.ts';

/** The rows of GetReplicas, in the daemon's order: by deployment, service and index. */
export type ReplicaDetails = {
  readonly rows: readonly Replica[];
  /** Rows beyond {@link MAX_ROWS}. */
  readonly omitted: number;
  /** The deployments of these rows; absent if they are all deployments. */
  readonly of?: readonly string[];
  /** Absent if each call was answered. */
  readonly unanswered?: UnansweredDeployments;
};

/** Deployments for which GetReplicas gave no answer, and why. */
export type UnansweredDeployments = { readonly of: readonly string[]; readonly why: string };

/** Why there are no details on a release before v0.3.8. */
export const NO_DETAILS = 'this release has no GetReplicas; v0.3.8 is the first that has it';

/**
 * Time for the answer, in ms: the daemon reads a compose file for each service that it lists, and a node that is short
 * of CPU needs seconds for 50 of them (docs/jaco-daemon/control.md#server-options).
 */
const LIMIT_MS = 6_000;

/**
 * Deploy.GetReplicas of the local daemon, for the deployments for which Deploy.Status does not show enough. It answers
 * without a leader (docs/jaco-daemon/control.md#rpcs). Not applicable if the release does not have the method
 * (docs/jaco-daemon/releases.md#version-window).
 */
export const replicaDetails = probe({
  name: 'jaco.replicas',
  where: 'anywhere',
  after: {
    access: controlAccess,
    stored: attempt(deployments),
    deleted: attempt(deletedDeployments),
    containers: attempt(dockerContainers),
    settled: attempt(stableStatus),
  },
  deadlineMs: LIMIT_MS + 500,
  async collect(io, { access, stored, deleted, containers, settled }, signal): Promise<Result<ReplicaDetails>> {
    const names = deploymentsNeedingDetails({
      stored: factOf(stored),
      deleted: factOf(deleted),
      containers: factOf(containers)?.list ?? [],
      members: (factOf(settled)?.last.nodes ?? []).map(({ hostname }) => hostname),
    });
    if (names !== 'all' && names.length === 0) return value<ReplicaDetails>({ rows: [], omitted: 0, of: [] });
    const [{ DeployService, ReplicaDetail }, { decodeLists, listField }] = await Promise.all([
      import('../../../wire/jaco.ts'),
      import('../../../wire/decode-lists.ts'),
    ]);
    const lists = { rows: listField(1, ReplicaDetail, MAX_ROWS, replicaFact) };
    const method = { ...DeployService.getReplicas, responseDeserialize: (bytes: Buffer) => decodeLists(bytes, lists) };
    const call = (deploymentFilter: string) => {
      const request = { deploymentFilter, serviceFilter: '', replicaId: '' };
      return callControl(io, access, method, request, { limitMs: LIMIT_MS, signal });
    };
    io.phase('answer');
    if (names !== 'all') return ofSome(names, await Promise.all(names.map(call)));
    const called = await call('');
    if (called.kind === 'response') {
      const { kept, omitted } = called.response.rows;
      return value<ReplicaDetails>({ rows: kept, omitted });
    }
    if (isUnknownMethod(called.failure)) return notApplicable(NO_DETAILS);
    const status = factOf(stored);
    return status?.namesHosts === true
      ? ofSome(
          status.list.map(({ name }) => name),
          status.list.map(() => called),
        )
      : asFailed(called.failure);
  },
});

type Rows = { readonly rows: { readonly kept: readonly Replica[]; readonly omitted: number } };

function ofSome(names: readonly string[], answers: readonly CallResult<Rows>[]): Result<ReplicaDetails> {
  const answered = answers.flatMap((one) => (one.kind === 'response' ? [one.response.rows] : []));
  const failures = answers.flatMap((one) => (one.kind === 'failure' ? [one.failure] : []));
  const unanswered = names.filter((_, index) => answers[index]?.kind === 'failure');
  return value<ReplicaDetails>({
    rows: answered.flatMap(({ kept }) => kept),
    omitted: answered.reduce((sum, { omitted }) => sum + omitted, 0),
    of: names.filter((_, index) => answers[index]?.kind === 'response'),
    ...(failures[0] === undefined ? {} : { unanswered: { of: unanswered, why: failures[0].detail } }),
  });
}

/** `unknown service` is another case: the server is not JACO, or has none of its services. */
function isUnknownMethod({ grpc, detail }: CallFailure): boolean {
  return grpc === 12 && detail.startsWith('unknown method ');
}
