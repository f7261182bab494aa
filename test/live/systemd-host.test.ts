import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { engineFaults } from '../real/host/engine.ts';
import { faults } from '../real/host/faults.ts';
import { Host } from '../real/host/host.ts';
import { realJaco, sayWhatWasNotRun } from './lab.ts';

const real = realJaco();
if (real === null)
  sayWhatWasNotRun('test/live/systemd-host, the faults of test/real with a real daemon in place of the stand-in');

// If the stand-in of test/real and a real daemon differed, their reports would differ.
describe.skipIf(real === null)('with a real daemon', () => {
  let host: Host;
  beforeAll(async () => {
    host = await Host.start({ real });
  });
  afterAll(async () => {
    await host?.close();
  });
  beforeEach(async () => {
    await host.heal();
  });
  faults(() => host, { standIn: false });
  engineFaults(() => host);
});
