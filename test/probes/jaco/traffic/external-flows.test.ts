import { expect, test } from 'vitest';
import { externalFlows } from '../../../../src/probes/jaco/traffic/external-flows.ts';

const beyond = (nextHop: string) => externalFlows({ outside: [], nextHop }, [], AbortSignal.timeout(5_000));
const kinds = (flows: Awaited<ReturnType<typeof beyond>>['sent']) => flows.map(({ kind }) => kind);

test('a router that refuses a closed port is asked from containers too', async () => {
  const { sent, silent } = await beyond('127.0.0.1');
  expect(kinds(sent)).toEqual(['next-hop']);
  expect(silent).toEqual([]);
});
