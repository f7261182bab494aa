import { expect, test } from 'vitest';
import { installFaultGuard } from '../../src/engine/attribute-faults.ts';

test('guards that end in another order than they began leave what prints warnings as it was', () => {
  const before = process.listeners('warning');
  for (let round = 0; round < 20; round += 1) {
    const first = installFaultGuard(() => {});
    const second = installFaultGuard(() => {});
    expect(process.listeners('warning')).toHaveLength(1);
    first();
    second();
  }
  expect(process.listeners('warning')).toEqual(before);
});
