import { afterAll, beforeAll, beforeEach } from 'vitest';
import { engineFaults } from './host/engine.ts';
import { faults } from './host/faults.ts';
import { Host } from './host/host.ts';
import { journalAtScale, WRITER } from './host/journal.ts';
import { readsOnly } from './host/reads-only.ts';
import { requireRootAnd } from './shell.ts';

// One host for all of these: it takes 40 s to install, and a real host has seen earlier faults too.
let host: Host;
beforeAll(async () => {
  requireRootAnd(WRITER);
  host = await Host.start();
});
afterAll(async () => {
  await host?.close();
});
beforeEach(async () => {
  await host.heal();
});

faults(() => host, { standIn: true });
engineFaults(() => host);
readsOnly(() => host);
journalAtScale(() => host);
