import { expect, test } from 'vitest';
import { missingImages } from '../../../../src/probes/jaco/runtime/missing-images.ts';
import { docker, fact } from '../../docker/stand-in.ts';

test('images of replicas here without a container are looked for', async () => {
  docker.images.add('there:1');
  const rows = ['there:1', 'registry.local:5000/gone/app:2', 'elsewhere:1'].map((image, index) => {
    return { id: `r${index}`, image, host: image.startsWith('elsewhere') ? 'demo-2' : 'demo-1' };
  });
  const facts = { identity: { hostname: 'demo-1' }, replicas: { rows }, containers: { list: [] } };
  expect(await fact(missingImages, facts)).toEqual({ images: ['registry.local:5000/gone/app:2'] });
  await docker.stop();
  expect(await fact(missingImages, facts)).toEqual({ images: [] });
});
