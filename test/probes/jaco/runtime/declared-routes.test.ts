import { expect, test } from 'vitest';
import { readDeclarations } from '../../../../src/probes/jaco/runtime/declared-routes.ts';

const read = async (text: string) => (await readDeclarations(new Map([['shop', text]])))[0];

test('the routes of a manifest, and nothing else of it', async () => {
  const text = `deployment: shop
environment: secrets.env
x: &common {service: web, port: 8080}
routes:
  - {domain: shop.test, service: web, port: 8080, tls: "off"}
  - {<<: *common, domain: shop.test, path: /api}
  - {domain: 10.5, service: web}
  - {service: web}
  - 7
---
routes: [{domain: second.test}]
`;
  expect(await read(text)).toEqual({
    deployment: 'shop',
    problem: null,
    routes: [
      { domain: 'shop.test', path: '', service: 'web' },
      { domain: 'shop.test', path: '/api', service: 'web' },
      { domain: '10.5', path: '', service: 'web' },
    ],
  });
});

test('a manifest that is not YAML is named without its text', async () => {
  const result = await read('routes: [\n  password: hunter2');
  expect(result).toMatchObject({
    routes: [],
    problem: expect.stringMatching(/^the stored jaco.yaml cannot be read: [A-Z_]+$/),
  });
});

test('the cost of exploding aliases, and of a manifest that is too long, is bounded', async () => {
  const bomb = `a: &a [${'x,'.repeat(50)}]\n${'bcdefgh'
    .split('')
    .map((key, index) => `${key}: &${key} [${`*${'abcdefg'[index]},`.repeat(50)}]`)
    .join('\n')}\nroutes: *h\n`;
  expect(await read(bomb)).toMatchObject({ routes: [] });
  expect(await read(`routes: []\n#${'x'.repeat(200_000)}`)).toMatchObject({
    problem: expect.stringContaining('too long'),
  });
});

test('no manifest has routes: nothing is read', async () => {
  expect(await readDeclarations(new Map())).toEqual([]);
});
