import { expect, test } from 'vitest';
import type { JournalEntry } from '../../../../src/probes/jaco/journal/journal.ts';
import { readRuntimeLines } from '../../../../src/probes/jaco/journal/runtime-lines.ts';

function entry(message: string, given: Partial<JournalEntry> = {}, fields: Record<string, string> = {}): JournalEntry {
  return {
    atMs: 1_000,
    priority: 3,
    subsystem: 'runtime/reconciler',
    message,
    error: null,
    fields,
    raw: false,
    pid: 1,
    invocation: null,
    ...given,
  };
}

const REPLICA = { REPLICA_ID: 'shop-web-0', DEPLOYMENT: 'shop' };

test('the last failed start of each replica, without a secret in its text', () => {
  const lines = readRuntimeLines([
    entry('start replica failed', { atMs: 1, error: 'older' }, REPLICA),
    entry('start replica failed', { atMs: 2, error: 'lifecycle.Start: env password=hunter2hunter2 refused' }, REPLICA),
    entry('start replica failed', { atMs: 3, error: 'No such image: x' }, { REPLICA_ID: 'shop-db-0' }),
  ]);
  expect(lines).toMatchObject({
    seen: true,
    startFailed: {
      'shop-web-0': { atMs: 2, text: 'lifecycle.Start: env password=[redacted] refused' },
      'shop-db-0': { atMs: 3, text: 'No such image: x' },
    },
  });
});

test('each start of the daemon discards earlier lines, and a journal that cannot be read shows nothing', () => {
  const before = entry('start replica failed', { error: 'x' }, REPLICA);
  const starting = entry('starting', { subsystem: 'jacod', priority: 6 });
  expect(readRuntimeLines([before, starting])).toMatchObject({ seen: true, startFailed: {} });
  expect(readRuntimeLines(null)).toMatchObject({ seen: false, startFailed: {} });
});

// docs/jaco-daemon/journal.md#journal-lines
test('networks, pulls, the pool, the scheduler and Docker’s own refusals', () => {
  const lines = readRuntimeLines([
    entry(
      'bridge.Ensure failed',
      { error: 'NetworkCreate jaco_new_n: Pool overlaps with other one on this address space' },
      { ...REPLICA, NETWORK: 'n' },
    ),
    entry('image pull failed; will retry', { priority: 4, error: 'manifest unknown' }, { ...REPLICA, ATTEMPT: '7' }),
    entry('marking replica FAILED', { priority: 4 }, { ...REPLICA, NETWORK: 'n', CODE: 'subnet_pool_exhausted' }),
    entry(
      'subnet_pool_utilization critical',
      { subsystem: 'daemon/grpc', priority: 4 },
      { PCT: '91', USED: '233', SIZE: '256' },
    ),
    entry(
      'deployment scheduling blocked',
      { subsystem: 'scheduler', priority: 4 },
      { DEPLOYMENT: 'pend', REASON: 'no eligible hosts' },
    ),
    entry(
      'start replica failed',
      {
        error: 'lifecycle.Start: list containers: Cannot connect to the Docker daemon at unix:///var/run/docker.sock.',
      },
      REPLICA,
    ),
  ]);
  expect(lines).toMatchObject({
    bridgeFailed: { 'shop-web-0': { network: 'n', text: expect.stringMatching(/Pool overlaps/) } },
    poolExhausted: { text: 'marking replica FAILED' },
    poolUse: { used: 233, size: 256 },
    blocked: { pend: { text: 'no eligible hosts' } },
    dockerRefused: { text: expect.stringMatching(/Cannot connect to the Docker daemon/) },
  });
});
