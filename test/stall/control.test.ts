import { writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clusterCa, nodeCertificates } from '../../src/demo/jaco/certificates.ts';
import type { Report } from '../../src/report/report.ts';
import { doctor } from '../cli/bin.ts';
import { MANNERS, type Manner, type Stage, stalled } from './stalling-servers.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stall-'));
  await writeFile(join(folder, 'ca.crt'), clusterCa);
});
afterAll(() => rm(folder, { recursive: true }));

/** The result of daemon-socket: its id or none, and words that show the phase. */
type Told = { readonly id: string | null; readonly says: RegExp };

/**
 * Nothing, or never enough, is silence. Bytes of another protocol are another server. A closed connection says nothing
 * about the server.
 */
const TOLD: { readonly [S in Exclude<Stage, 'http'>]: { readonly [M in Manner]: Told } } = {
  connection: {
    silent: { id: 'daemon_unresponsive', says: /, (then|but jacod sent) no HTTP\/2 settings/ },
    drip: { id: 'daemon_unresponsive', says: /, (then|but jacod sent) no HTTP\/2 settings/ },
    'never-read': { id: 'daemon_unresponsive', says: /, (then|but jacod sent) no HTTP\/2 settings/ },
    reset: { id: null, says: /hung up: Failed to connect/ },
    half: { id: null, says: /hung up: Failed to connect/ },
    garbage: { id: 'not_jaco_grpc', says: /accepted the connection and answered: Protocol error/ },
    endless: { id: 'not_jaco_grpc', says: /accepted the connection and answered: Protocol error/ },
  },
  handshake: {
    silent: { id: 'daemon_unresponsive', says: /, (then|but jacod sent) no TLS handshake/ },
    drip: { id: 'daemon_unresponsive', says: /, (then|but jacod sent) no TLS handshake/ },
    'never-read': { id: 'daemon_unresponsive', says: /, (then|but jacod sent) no TLS handshake/ },
    reset: { id: 'not_jaco_grpc', says: /ECONNRESET/ },
    half: { id: 'not_jaco_grpc', says: /before secure TLS connection was established/ },
    garbage: { id: 'not_jaco_grpc', says: /wrong version number/ },
    endless: { id: 'not_jaco_grpc', says: /wrong version number/ },
  },
  call: {
    silent: { id: 'daemon_unresponsive', says: /, (then|but jacod sent) no answer to the call/ },
    drip: { id: 'daemon_unresponsive', says: /, (then|but jacod sent) no answer to the call/ },
    'never-read': { id: 'daemon_unresponsive', says: /, (then|but jacod sent) no answer to the call/ },
    reset: { id: null, says: /hung up: Received RST_STREAM/ },
    half: { id: null, says: /hung up: (Connection dropped|Received RST_STREAM)/ },
    garbage: { id: 'not_jaco_grpc', says: /pars|index out of range|invalid wire type/i },
    endless: { id: 'not_jaco_grpc', says: /larger than max/ },
  },
};

/** The whole program with its own deadlines inside its budget, and with a budget that ends first. */
const BUDGETS = ['20s', '700ms'] as const;

async function run(args: readonly string[], budget: string): Promise<{ report: Report; ms: number }> {
  // This host's own Docker is not part of it.
  const words = ['--skip', 'docker-engine', '--timeout', budget, '--format', 'json'];
  const { stdout, stderr, ms } = await doctor([...args, ...words], {
    env: { JACO_TOKEN: 'ab'.repeat(32) },
  });
  expect(stderr).toBe('');
  return { report: JSON.parse(stdout) as Report, ms };
}

function held({ report, ms }: { report: Report; ms: number }, told: Told, budget: (typeof BUDGETS)[number]): void {
  const row = report.checks.find(({ name }) => name === 'daemon-socket');
  const words = [row?.reason ?? '', ...(row?.findings.flatMap(({ evidence }) => evidence) ?? [])].join(' ').trim();
  const shown = `${row?.status}: ${words}`;
  // The bench measures how soon after its budget it ends. Here a busy machine may be slow, and a hang still fails.
  expect(ms, shown).toBeLessThan(35_000);
  expect(row?.status, shown).not.toBe('pass');
  for (const check of report.checks.filter(({ group }) => group === 'raft'))
    expect(['blocked', 'unknown']).toContain(check.status);
  if (budget === '20s') {
    expect({ first: report.first, words }).toEqual({ first: told.id, words: expect.stringMatching(told.says) });
  } else if (report.first !== told.id) {
    // With a short budget it reports no fault, and names the phase.
    expect(report.first, shown).toBeNull();
    expect(words).toMatch(
      /no answer before the run's time was over, at \w+|connected, then no|sent no |no answer to a connect|hung up/,
    );
  }
}

describe.concurrent('the control socket', () => {
  for (const stage of ['connection', 'call'] as const)
    for (const manner of MANNERS)
      for (const budget of BUDGETS)
        test(`${manner} at the ${stage}, budget ${budget}`, { timeout: 60_000 }, async () => {
          const path = join(folder, `${stage}-${manner}-${budget}.sock`);
          const server = await stalled(stage, manner, { path });
          const config = join(folder, 'jacod.yaml');
          writeFileSync(config, 'log_level: info\n');
          held(await run(['--socket', path, '--config', config], budget), TOLD[stage][manner], budget);
          server.close();
        });
});

describe.concurrent('the operator port', () => {
  for (const stage of ['handshake', 'call'] as const)
    for (const manner of MANNERS)
      for (const budget of BUDGETS)
        test(`${manner} at the ${stage}, budget ${budget}`, { timeout: 60_000 }, async () => {
          const pair = nodeCertificates['demo-1'];
          if (pair === undefined) throw new Error('no test certificate');
          const server = await stalled(stage, manner, { tls: pair });
          held(
            await run(['--server', server.address, '--ca-cert', join(folder, 'ca.crt')], budget),
            TOLD[stage][manner],
            budget,
          );
          server.close();
        });
});
