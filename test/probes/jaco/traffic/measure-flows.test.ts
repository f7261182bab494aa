import { expect, test } from 'vitest';
import type { ProberReply } from '../../../../src/probes/io/prober/prober-request.ts';
import { measureFlows } from '../../../../src/probes/jaco/traffic/measure-flows.ts';
import type { PlannedFlow } from '../../../../src/probes/jaco/traffic/traffic-plan.ts';

const TARGET: PlannedFlow = {
  kind: 'given',
  target: { host: '198.51.100.7', port: 80, protocol: 'tcp', name: 'shop.example:80', question: null },
  sinceMs: null,
};
const CONNECTED: ProberReply = { kind: 'answer', how: 'connected', ms: 1 };
const RESET: ProberReply = { kind: 'answer', how: 'reset', ms: 1 };

async function outcomeOf(ofContainer: ProberReply, ofHost: ProberReply) {
  const measured = await measureFlows([TARGET], async () => ({ kind: 'replies', replies: [ofContainer] }), {
    vantage: 'container',
    otherPorts: async () => [],
    control: () => ofHost,
  });
  return measured.kind === 'outcomes' ? measured.outcomes[0]?.kind : 'failed';
}

test('a reset, although this host can connect, comes from the way, such as a redirect to a proxy that has stopped', async () => {
  expect(await outcomeOf(RESET, CONNECTED)).toBe('lost');
});

test('a closed port that resets both is reached', async () => {
  expect(await outcomeOf(RESET, RESET)).toBe('passed');
});

test('a target that does not answer this host either is not measured', async () => {
  expect(await outcomeOf({ kind: 'silent', ms: 1_700 }, { kind: 'silent', ms: 1_700 })).toBe('not-measured');
});

test.each([
  ['is lost: a router or a rule on the way rejected it', true, 'lost'],
  ['is not measured without a default route: nothing was sent', false, 'not-measured'],
])('a network that is unreachable from a container %s', async (_, hasDefaultRoute, expected) => {
  const unreachable: ProberReply = { kind: 'not-sent', code: 'ENETUNREACH' };
  const measured = await measureFlows([TARGET], async () => ({ kind: 'replies', replies: [unreachable] }), {
    vantage: 'container',
    hasDefaultRoute,
    otherPorts: async () => [],
    control: () => CONNECTED,
  });
  expect(measured.kind === 'outcomes' ? measured.outcomes[0]?.kind : 'failed').toBe(expected);
});
