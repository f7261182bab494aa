import { expect, test } from 'vitest';
import { deploy, replicaRow } from '../../../../src/demo/jaco/workload.ts';
import {
  type RegistryCredentials,
  registryCredentials,
} from '../../../../src/probes/jaco/runtime/registry-credentials.ts';
import { ask, fact, start, stored } from './stand-in-cluster.ts';

test('registries with a credential, without names or secrets', async () => {
  const cluster = await start();
  deploy(cluster, 'shop', [{ name: 'web' }]);
  replicaRow(cluster, 'shop-web-0').code = 'image_pull_failed';
  cluster.content.registries.push({ registry: 'ghcr.io/shop', username: 'canary-user', updatedAt: undefined });
  const read = await fact<RegistryCredentials>(registryCredentials, await stored());
  expect(read).toEqual({ registries: ['ghcr.io/shop'] });
});

test('a healthy cluster is not asked', async () => {
  deploy(await start(), 'shop', [{ name: 'web' }]);
  expect(await ask(registryCredentials, await stored())).toMatchObject({ kind: 'not-applicable' });
});
