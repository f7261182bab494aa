import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { clusterCa } from '../../src/demo/jaco/certificates.ts';
import { type Cluster, startCluster } from '../../src/demo/jaco/cluster.ts';
import { type Asked, askServers, row } from './ask.ts';

const HOUR = 3_600_000;

let folder: string;
let ca: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clock-'));
  ca = join(folder, 'ca.crt');
  await writeFile(ca, clusterCa);
});
afterAll(() => rm(folder, { recursive: true }));

let cluster: Cluster;
beforeEach(async () => {
  cluster = await startCluster({ nodes: 3 });
  return () => cluster.close();
});

/** All members' clocks differ by this from that of the asking machine, so the machine's clock is wrong. */
function apart(ms: number): void {
  for (const i of [1, 2, 3]) cluster.skewClock(i, ms);
}
const ask = (): Promise<Asked> => askServers(cluster, [cluster.node(1).grpcAddress], { args: ['--ca-cert', ca] });
const unjudged = ({ report }: Asked): string =>
  (row(report, 'node-liveness')?.notJudged ?? []).map(({ subject, reason }) => `${subject}: ${reason}`).join('\n');
/** demo-2 is listed at an address that is unreachable from here. */
function elsewhere(address: string): void {
  Object.assign(cluster.raft.members.get('demo-2') ?? {}, { grpcAddress: address });
}

describe('a laptop whose clock is behind', () => {
  test('calls no member’s clock wrong, and says that its own is', async () => {
    apart(60_000);
    const asked = await ask();
    expect({ said: asked.said, code: asked.code }).toEqual({ said: [], code: 3 });
    expect(unjudged(asked)).toMatch(/^heartbeats: .*all 3 members.* \d+ s in this machine's future/);
  });

  test('does not report a dead member as running', async () => {
    apart(HOUR);
    cluster.skewClock(2, HOUR / 2);
    elsewhere('192.0.2.77:7000');
    const asked = await ask();
    expect(asked.code).toBe(3);
    expect(row(asked.report, 'node-liveness')?.notes.join()).not.toMatch(/demo-2 is running/);
    expect(unjudged(asked)).toMatch(/^demo-2: .* \d+ s in this machine's future/);
  });

  test('distinguishes a lost certificate from a new name', async () => {
    apart(120_000);
    cluster.node(1).loseCertificate();
    const { said } = await ask();
    expect(said).toEqual(['tls_bootstrap_certificate demo-1']);
  });
});

describe('a laptop whose clock is ahead', () => {
  test('does not report a member as dead whose heartbeats continue like the others’', async () => {
    apart(-HOUR);
    elsewhere('127.81.0.77:7000');
    const asked = await ask();
    expect({ said: asked.said, code: asked.code }).toEqual({ said: [], code: 3 });
    expect(unjudged(asked)).toMatch(
      /^demo-2: it does not answer from here: .*ECONNREFUSED\); its last heartbeat is 36\d\d s old/,
    );
    expect(unjudged(asked)).toMatch(/^heartbeats: .*all 2 members.* 36\d\d s old/m);
  });

  test('still sees one that has stopped long before the others', async () => {
    apart(-HOUR);
    cluster.skewClock(2, -2 * HOUR);
    elsewhere('127.81.0.77:7000');
    expect((await ask()).said).toEqual(['node_unreachable demo-2']);
  });
});
