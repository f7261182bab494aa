import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/report/report.ts';
import { doctor } from '../cli/bin.ts';
import { MANNERS, type Manner, stalled } from './stalling-servers.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stall-web-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * The words of the row, which name the phase. A plane that cannot be asked is not reported: the network may be at
 * fault.
 */
const TOLD: { readonly [M in Manner]: RegExp } = {
  silent: /at first-byte: .*connected, then no answer within 5000 ms/,
  drip: /at head: .*the answer stopped before its body within 5000 ms/,
  'never-read': /at head: .*the answer stopped before its body within 5000 ms/,
  reset: /at first-byte: .*connected, then no answer: ECONNRESET/,
  half: /at head: .*the other side closed the connection/,
  garbage: /at head: .*not-http/,
  endless: /at head: .*not-http/,
};
/** With a budget that ends first: the phase at that time. */
const CUT_SHORT = /connected, then|before the run's time was over, at [a-z-]+/;

describe.concurrent('a health URL that', () => {
  for (const manner of MANNERS)
    for (const budget of ['20s', '700ms'] as const)
      test(`is ${manner}, budget ${budget}`, { timeout: 60_000 }, async () => {
        const server = await stalled('http', manner);
        const where = ['--app-dir', folder, '--management-url', `http://${server.address}`];
        const words = ['--only', 'management-plane', '--timeout', budget, '--format', 'json'];
        const { stdout, stderr, code, ms } = await doctor([...where, ...words], { product: 'jacqos' });
        server.close();
        const { checks, first } = JSON.parse(stdout) as Report;
        const row = checks.find(({ name }) => name === 'management-plane');
        // The bench measures how soon after its budget it ends.
        expect(ms).toBeLessThan(35_000);
        expect({ first, code, stderr, status: row?.status }).toEqual({
          first: null,
          code: 3,
          stderr: '',
          status: 'unknown',
        });
        expect(row?.reason).toMatch(budget === '20s' ? TOLD[manner] : CUT_SHORT);
      });
});
