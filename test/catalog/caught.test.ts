import { expect, test } from 'vitest';
import { jaco } from '../../checks/jaco.ts';
import { jacqos } from '../../checks/jacqos.ts';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import type { Caught } from '../../src/catalog/entry-schema.ts';
import type { Product } from '../../src/engine/product.ts';
import { selectedChecks, unknownSelectors } from '../../src/engine/selection.ts';

const products: readonly Product[] = [jaco, jacqos];

/** The ids of a kind in a product's catalogue, and the checks that find each. */
async function idsOf(product: Product, ...kinds: readonly Caught['how'][]) {
  const { entries } = await loadCatalog(product.name);
  return entries
    .filter(({ caught }) => kinds.includes(caught.how))
    .map((entry) => {
      const finders = product.order.filter(({ check }) => check.finds.some((id) => id === entry.id));
      return { entry, finders: finders.map(({ check }) => check.name) };
    });
}

test.each(products)(
  'explain says of an id that the doctor detects it only if a check of $name does',
  async (product) => {
    const live = await idsOf(product, 'live');
    const unfound = live.filter(({ finders }) => finders.every((name) => name === 'reported' && product === jaco));
    expect(unfound.map(({ entry }) => entry.id)).toEqual([]);
  },
);

test.each(products)('an id that a check of $name finds is not called planned or never found', async (product) => {
  const never = await idsOf(product, 'planned', 'explain-only');
  expect(never.filter(({ finders }) => finders.length > 0).map(({ entry }) => entry.id)).toEqual([]);
});

test('an id of JACO that only text shows is found by the check of text alone', async () => {
  for (const { entry, finders } of await idsOf(jaco, 'from-text'))
    expect([entry.id, finders]).toEqual([entry.id, ['reported']]);
});

test.each(products)(
  'every verify command that $name prints is accepted, and runs a check that finds the id',
  async (product) => {
    const all = await idsOf(product, 'live', 'planned', 'from-text', 'explain-only');
    for (const { entry, finders } of all) {
      if (entry.verify === null) continue;
      const only = [entry.verify.only];
      expect([entry.id, unknownSelectors(product, only)]).toEqual([entry.id, []]);
      const run = selectedChecks(product, { only, skip: [] });
      expect([entry.id, finders.filter((name) => run.has(name))]).toEqual([entry.id, finders]);
    }
  },
);

test.each(products)('explain prints no verify command for an id that no check of $name finds', async (product) => {
  for (const { entry } of await idsOf(product, 'planned', 'from-text', 'explain-only'))
    expect([entry.id, entry.verify]).toEqual([entry.id, null]);
});
