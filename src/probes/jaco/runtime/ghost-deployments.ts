import { setTimeout as sleep } from 'node:timers/promises';
import { notApplicable, value } from '../../../engine/outcome.ts';
import { clean } from '../../../engine/text.ts';
import { asFailed } from '../../io/grpc/grpc.ts';
import { callControl, controlAccess } from '../access/control-access.ts';
import { probe } from '../jaco-probe.ts';
import { deployments } from './deployments.ts';
import { readReplicas } from './read-replicas.ts';
import { replicas } from './replicas.ts';

/** Deployments that have replicas and are themselves gone, at a second look as at the first. */
export type GhostDeployments = { readonly ghosts: readonly string[] };

/** A deployment may be applied or deleted between two calls; not between all four. */
const LATER_MS = 700;

/** Looks again where a replica's deployment is not listed: the two lists are not of one moment. */
export const ghostDeployments = probe({
  name: 'jaco.stored-again',
  where: 'anywhere',
  after: { access: controlAccess, deployments, replicas },
  deadlineMs: 5_000,
  async collect(io, { deployments: { list, omitted }, replicas: { rows, from }, access }, signal) {
    const known = new Set(list.map(({ name }) => name));
    const suspects = new Set(rows.map((row) => row.deployment).filter((name) => !known.has(name)));
    if (suspects.size === 0) return notApplicable('every replica belongs to a deployment');
    if (omitted > 0) return notApplicable('not all deployments were read');
    const { DeployService } = await import('../../../wire/jaco.ts');
    await sleep(LATER_MS, undefined, { signal });
    const options = { limitMs: 2_000, signal };
    const filter = { deploymentFilter: '', serviceFilter: '' };
    // First the replicas, then the deployments: who is in the first and not in the second is gone.
    const left = await readReplicas(io, access, { from }, { replicaId: '', ...options });
    if (left.kind === 'failure') return asFailed(left.failure);
    const there = await callControl(io, access, DeployService.status, filter, options);
    if (there.kind === 'failure') return asFailed(there.failure);
    const names = new Set(there.response.deployments.map(({ name }) => clean(name, 253)));
    const still = new Set(left.response.map((row) => row.deployment));
    return value<GhostDeployments>({
      ghosts: [...suspects].filter((name) => still.has(name) && !names.has(name)).sort(),
    });
  },
});
