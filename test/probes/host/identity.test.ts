import { expect, test } from 'vitest';
import type { Result } from '../../../src/engine/outcome.ts';
import { type Identity, identity } from '../../../src/probes/host/identity.ts';

const never = new AbortController().signal;
const io = { phase: () => {}, settings: { standIn: null } } as never;

test('the user of the doctor is known without any right', async () => {
  const result = (await identity.collect(io, {} as never, never)) as Result<Identity>;
  expect(result).toMatchObject({ kind: 'value', value: { uid: process.getuid?.(), root: process.getuid?.() === 0 } });
});
