import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { forwardCases } from './field/cases/forward.ts';
import { inputCases } from './field/cases/input.ts';
import { otherHookCases } from './field/cases/other-hooks.ts';
import { otherSoftwareCases } from './field/cases/other-software.ts';
import { routingCases } from './field/cases/routing.ts';
import { bringAbout, expectTruthAndReport, type FieldCase, undo } from './field/field-case.ts';
import { PACKETS_PROGRAM } from './field/packets.ts';
import { Host } from './host/host.ts';
import { WORKLOAD } from './host/workload.ts';
import { until } from './shell.ts';

// Rules, routes and programs of real hosts, rebuilt. Each case proves with packets what is true before the doctor runs.
let host: Host;
let applied: FieldCase | null = null;

beforeAll(async () => {
  host = await Host.start({ packages: ['ufw', 'firewalld', 'ipset'] });
  host.write('/opt/stand-in/packets.cjs', PACKETS_PROGRAM);
  await host.deploy(WORKLOAD);
  await host.heal();
  await until('the daemon is 31 s old', async () => (await host.age()) > 31, 60_000);
  // Most of the time is the installation of Debian's packages.
}, 600_000);
afterEach(async () => {
  if (applied !== null) await undo(host, applied);
  applied = null;
});
afterAll(async () => {
  await host?.close();
});

const healthy: FieldCase = {
  incident: 'nothing is wrong: every flow passes',
  packets: {
    out: 'passes',
    out2: 'passes',
    dns: 'passes',
    dnstcp: 'passes',
    name: 'passes',
    backOut: 'passes',
    backDns: 'passes',
    same: 'passes',
    in: 'passes',
    asJacod: 'passes',
    asRoot: 'passes',
  },
  first: null,
};

describe.each([
  ['a host with JACO and Docker only', [healthy]],
  ['traffic to the host', inputCases],
  ['what the host passes on', forwardCases],
  ['other hooks', otherHookCases],
  ['routes and interfaces', routingCases],
  ['other software', otherSoftwareCases],
])('%s', (_, cases) => {
  it.each(cases.map((one) => [one.incident, one] as const))('%s', async (_, one) => {
    applied = one;
    await bringAbout(host, one);
    await expectTruthAndReport(host, one);
  });
});
