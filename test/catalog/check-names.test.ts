import { expect, test } from 'vitest';
import { products } from '../../checks/index.ts';
import { checkNames } from '../../src/catalog/generated/check-names.ts';

test.each(Object.values(products))(
  'explain knows every check and group of $name without loading a check',
  (product) => {
    const names = product.order.flatMap(({ check }) => [check.name, check.group]);
    expect(checkNames[product.name]).toEqual([...new Set(names)].sort());
  },
);
