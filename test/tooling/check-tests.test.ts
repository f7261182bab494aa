import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { products } from '../../checks/index.ts';

test.each(Object.values(products))('the tests of $name are one file a check, named as the check', ({ name, order }) => {
  const folder = new URL(`../checks/${name}/`, import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.test.ts'));
  expect(files.sort()).toEqual(order.map(({ check }) => `${check.name}.test.ts`).sort());
});

test.each(Object.values(products))('each check of $name has a golden file of its texts', ({ name, order }) => {
  const files = readdirSync(new URL(`../golden/checks/${name}/`, import.meta.url));
  expect(files.sort()).toEqual(order.map(({ check }) => `${check.name}.txt`).sort());
});

test.each(Object.values(products).flatMap(({ name, order }) => order.map(({ check }) => [name, check.name] as const)))(
  'the tests of %s %s end by pinning its ids and texts',
  (product, check) => {
    const text = readFileSync(new URL(`../checks/${product}/${check}.test.ts`, import.meta.url), 'utf8');
    expect(text).toMatch(
      new RegExp(
        `import (\\w+) from '\\.\\./\\.\\./\\.\\./checks/${product}/${check}\\.ts';[^]*\\nidsAndTextsArePinned\\('${product}', \\1\\);\\n$`,
      ),
    );
  },
);
