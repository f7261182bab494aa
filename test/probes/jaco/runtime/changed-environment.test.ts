import { expect, test } from 'vitest';
import { jaco } from '../../../../checks/jaco.ts';
import { examine } from '../../../../src/cli/jaco/demo.ts';
import type { Cluster } from '../../../../src/demo/jaco/cluster.ts';
import { timestamp } from '../../../../src/demo/jaco/members.ts';
import { deploySolo } from '../../../../src/demo/jaco/scenes.ts';
import { withFault } from '../../../../src/demo/jaco/with-fault.ts';
import { replicaContainer } from '../../../../src/demo/jaco/workload.ts';
import type { Outcome } from '../../../../src/engine/outcome.ts';
import { type ChangedEnvironment, environmentOf } from '../../../../src/probes/jaco/runtime/changed-environment.ts';

const HOUR = 3_600_000;

/**
 * The result of the probe for a single node of a release, on which an older container has the variables of the
 * stand-in's engine.
 */
async function changed(release: string, apply: { revision: string; ago: number }): Promise<Outcome> {
  const recording = await withFault('healthy-app', async (cluster: Cluster, node) => {
    for (const one of cluster.nodes) one.release = release;
    deploySolo(cluster, { compose: '    labels: {a: b}\n' });
    const solo = cluster.content.deploy.deployments.find(({ name }) => name === 'solo');
    Object.assign(solo ?? {}, { appliedRevision: apply.revision, updatedAt: timestamp(Date.now() - apply.ago) });
    replicaContainer(cluster, 'solo-app-0').createdAt = Date.now() - HOUR;
    return examine(jaco, node);
  });
  return recording.facts.get('jaco.changed-environment')?.outcome as Outcome;
}

const listOf = (outcome: Outcome) =>
  (outcome.kind === 'value' ? outcome.value : outcome.kind) as readonly ChangedEnvironment[];

test('a container that is older than the last apply and has other values is reported, with the names of the variables only', async () => {
  const outcome = await changed('v0.3.0', { revision: '2', ago: HOUR / 2 });
  expect(listOf(outcome)).toEqual([
    { container: 'jaco_solo-app-0', deployment: 'solo', service: 'app', keys: ['DATABASE_PASSWORD'] },
  ]);
  expect(JSON.stringify(outcome)).not.toContain('canary');
});

test('a first apply, and one whose containers are still being recreated, are not compared', async () => {
  expect(listOf(await changed('v0.3.0', { revision: '1', ago: HOUR / 2 }))).toEqual([]);
  expect(listOf(await changed('v0.3.0', { revision: '2', ago: 20_000 }))).toEqual([]);
});

test('a release that recreates containers is not asked', async () => {
  expect((await changed('v0.3.9', { revision: '2', ago: HOUR / 2 })).kind).toBe('not-applicable');
});

test('variables are read as compose has them: a map or a list, without those that depend on something else', () => {
  const of = (environment: unknown) => Object.fromEntries(environmentOf({ services: { web: { environment } } }, 'web'));
  expect(of({ A: 'x', B: 1, C: true, D: null, E: '$HOME', F: 1.5 })).toEqual({ A: 'x', B: '1', C: 'true' });
  expect(of(['A=x', 'B', 'C=y=z'])).toEqual({ A: 'x', C: 'y=z' });
  expect(of('A=x')).toEqual({});
  expect(environmentOf(null, 'web').size).toBe(0);
});
