import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { products } from '../../checks/index.ts';

test.each(Object.values(products))('the tests of $name are one file a check, named as the check', ({ name, order }) => {
  const folder = new URL(`../checks/${name}/`, import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.test.ts'));
  expect(files.sort()).toEqual(order.map(({ check }) => `${check.name}.test.ts`).sort());
});
