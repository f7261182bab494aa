import { setTimeout as sleep } from 'node:timers/promises';
import { notApplicable, value } from '../../../engine/outcome.ts';
import { clean } from '../../../engine/text.ts';
import { asFailed, type CallFailure, type CallOptions } from '../../io/grpc/grpc.ts';
import { type ControlAccess, callControl, controlAccess } from '../access/control-access.ts';
import { type JacoIo, probe } from '../jaco-probe.ts';
import { deployments } from './deployments.ts';
import { readReports } from './read-reports.ts';
import { type Replicas, replicas } from './replicas.ts';

/** Deployments that have replicas but do not exist, in two samples. */
export type GhostDeployments = { readonly ghosts: readonly string[] };

/** A deployment may be applied or deleted between two calls, but not between all four. */
const LATER_MS = 700;
/** Most deployments that are looked for again. */
const MAX_SUSPECTS = 30;

/** Reads both lists again if a replica's deployment is not listed, because they are not read at the same moment. */
export const ghostDeployments = probe({
  name: 'jaco.stored-again',
  where: 'anywhere',
  after: { access: controlAccess, deployments, replicas },
  deadlineMs: 5_000,
  async collect(io, { deployments: { list, omitted }, replicas, access }, signal) {
    const known = new Set(list.map(({ name }) => name));
    const suspects = [...new Set(replicas.rows.map((row) => row.deployment))].filter((name) => !known.has(name)).sort();
    if (suspects.length === 0) return notApplicable('every replica belongs to a deployment');
    if (omitted > 0) return notApplicable('not all deployments were read');
    const { DeployService } = await import('../../../wire/jaco.ts');
    await sleep(LATER_MS, undefined, { signal });
    const options = { limitMs: 2_000, signal };
    // The replicas are read before the deployments. A deployment that is only in the first list is deleted.
    const looks = await Promise.all(
      suspects.slice(0, MAX_SUSPECTS).map((name) => hasReplicas(io, access, name, replicas, options)),
    );
    const there = await callControl(io, access, DeployService.status, ALL, options);
    if (there.kind === 'failure') return asFailed(there.failure);
    const failure = looks.find((look) => typeof look !== 'boolean');
    if (failure !== undefined) return asFailed(failure);
    const names = new Set(there.response.deployments.map(({ name }) => clean(name, 253)));
    return value<GhostDeployments>({
      ghosts: suspects.filter((name, index) => looks[index] === true && !names.has(name)),
    });
  },
});

const ALL = { deploymentFilter: '', serviceFilter: '' };

/** Whether a deployment still has replicas, from the call that listed them; or why that is unknown. */
async function hasReplicas(
  io: Pick<JacoIo, 'token'>,
  access: ControlAccess,
  name: string,
  { rows, from }: Replicas,
  options: Pick<CallOptions, 'limitMs' | 'signal'>,
): Promise<boolean | CallFailure> {
  if (from === 'status') {
    const called = await readReports(io, access, '', options);
    if (called.kind === 'failure') return called.failure;
    const ids = new Set(rows.filter(({ deployment }) => deployment === name).map(({ id }) => id));
    return called.response.some(({ id }) => ids.has(id));
  }
  const { DeployService } = await import('../../../wire/jaco.ts');
  const request = { ...ALL, deploymentFilter: name, replicaId: '' };
  const called = await callControl(io, access, DeployService.getReplicas, request, options);
  return called.kind === 'failure' ? called.failure : called.response.replicas.length > 0;
}
