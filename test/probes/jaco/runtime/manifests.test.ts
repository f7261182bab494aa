import { expect, test } from 'vitest';
import { clearReport, deploy } from '../../../../src/demo/jaco/workload.ts';
import { type Manifest, manifests } from '../../../../src/probes/jaco/runtime/manifests.ts';
import { fact, start, stored } from './stand-in-cluster.ts';

test('are read for deployments with a fault, and for no other', async () => {
  const cluster = await start();
  deploy(cluster, 'well', [{ name: 'web' }]);
  deploy(cluster, 'sick', [
    { name: 'db' },
    {
      name: 'web',
      dependsOn: ['db'],
      compose: '    pull_policy: never\n    healthcheck: {test: [CMD, x], start_period: 1m30s}\n',
    },
  ]);
  clearReport(cluster, 'sick-web-0');
  cluster.calls.length = 0;
  const read = await fact<readonly Manifest[]>(manifests, await stored());
  expect(read).toMatchObject([
    {
      deployment: 'sick',
      problem: null,
      services: [
        { name: 'db' },
        {
          name: 'web',
          pullPolicy: 'never',
          startPeriodMs: 90_000,
          dependsOn: [{ service: 'db', required: true }],
          networks: ['back'],
        },
      ],
    },
  ]);
  expect(JSON.stringify(read)).not.toMatch(/canary/);
});

test('one that cannot be parsed is reported with its position, without its text', async () => {
  const cluster = await start();
  deploy(cluster, 'sick', [{ name: 'web', compose: '    secret: "canary-of-a-broken-line-9\n  : {[\n' }]);
  clearReport(cluster, 'sick-web-0');
  const read = await fact<readonly Manifest[]>(manifests, await stored());
  expect(read[0]?.problem).toMatch(/: [A-Z_]+$/);
  expect(JSON.stringify(read)).not.toMatch(/canary/);
});

test('two deployments that mount one volume are read, with what they declare of it', async () => {
  const cluster = await start();
  for (const name of ['shop', 'blog', 'alone']) deploy(cluster, name, [{ name: 'db' }]);
  for (const one of cluster.content.deploy.deployments)
    one.composeYaml += 'volumes: {data: {}, cache: {external: true}}\n';
  const mounts = ['shop', 'blog'].map((deployment) => ({ deployment, volumes: ['data'] }));
  const read = await fact<readonly Manifest[]>(manifests, await stored(mounts));
  expect(read.map(({ deployment }) => deployment).toSorted()).toEqual(['blog', 'shop']);
  expect(read[0]?.volumes).toEqual([
    { key: 'data', external: false, name: null },
    { key: 'cache', external: true, name: null },
  ]);
});
