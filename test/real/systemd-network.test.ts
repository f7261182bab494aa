import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { Host } from './host/host.ts';
import { daemonFirewall, nameFaults, networkUsers, packetFaults } from './host/network-faults.ts';
import { readsOnlyOfContainers } from './host/reads-only.ts';
import { WORKLOAD } from './host/workload.ts';
import { until } from './shell.ts';

// A separate host: for 30 s after its start a daemon may have written no rules yet, so the daemon is not restarted
// here.
let host: Host;
beforeAll(async () => {
  host = await Host.start();
  await host.deploy(WORKLOAD);
  await settle();
});
afterAll(async () => {
  await host?.close();
});

async function settle(): Promise<void> {
  await host.heal();
  await until('the daemon is 31 s old', async () => (await host.age()) > 31, 60_000);
}

packetFaults(() => host);
networkUsers(() => host);
readsOnlyOfContainers(() => host);
describe('with a daemon that is restarted', () => {
  afterEach(settle);
  daemonFirewall(() => host);
});
describe('with name servers', () => {
  afterEach(() => host.heal());
  nameFaults(() => host);
});
