import { expect, test } from 'vitest';
import { jaco } from '../../checks/jaco.ts';
import { buildReport } from '../../src/cli/build-report.ts';
import { examine } from '../../src/cli/jaco/demo.ts';
import { makePending } from '../../src/demo/jaco/scenes.ts';
import { withFault } from '../../src/demo/jaco/with-fault.ts';
import { deploy } from '../../src/demo/jaco/workload.ts';

test.each(['v0.3.8', 'v0.3.7', 'v0.3.5', 'v0.3.2', 'v0.2.1'])(
  'three healthy nodes of %s give one note about the release, and exit 0',
  { timeout: 60_000 },
  async (release) => {
    const recording = await withFault('healthy-app', async (cluster, node) => {
      for (const one of cluster.nodes) one.release = release;
      return examine(jaco, node);
    });
    const report = await buildReport(jaco, recording);
    const row = report.checks.find(({ name }) => name === 'known-issues');
    expect({ exit: report.exit.code, status: row?.status, notes: row?.notes.length }).toEqual({
      exit: 0,
      status: 'pass',
      notes: 1,
    });
    expect(row?.notes[0]).toContain(release);
  },
);

test('only the symptom of an issue follows from it, and not the same symptom of another deployment', {
  timeout: 60_000,
}, async () => {
  const recording = await withFault('issue-187', async (cluster, node) => {
    deploy(cluster, 'blog', [{ name: 'web', on: [] }]);
    const [service] = cluster.content.deploy.deployments.find(({ name }) => name === 'blog')?.services ?? [];
    if (service !== undefined) service.replicas = 9;
    makePending(cluster, 'blog', 'service "web": not enough eligible hosts');
    return examine(jaco, node);
  });
  const report = await buildReport(jaco, recording);
  const findings = report.checks.flatMap((row) => row.findings).filter(({ id }) => id === 'deployment_pending');
  expect(Object.fromEntries(findings.map(({ subject, likelyFollowsFrom }) => [subject, likelyFollowsFrom]))).toEqual({
    shop: 'known_issue',
    blog: null,
  });
});
