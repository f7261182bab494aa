import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clusterCa, nodeCertificates } from '../../src/demo/jaco/certificates.ts';
import { type Cluster, startCluster } from '../../src/demo/jaco/cluster.ts';
import type { Report } from '../../src/report/report.ts';
import { ClusterStatusResponse, type Node } from '../../src/wire/jaco.ts';
import { UNPRINTABLE } from '../fuzz/mutate.ts';
import { doctor } from './bin.ts';

let folder: string;
let cluster: Cluster;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hostile-'));
  writeFileSync(join(folder, 'ca.crt'), clusterCa);
  cluster = await startCluster({ nodes: 1 });
});
afterAll(async () => {
  await cluster.close();
  await rm(folder, { recursive: true });
});

const NAMES = [
  '\u001b[2J\u001b]0;owned\u0007',
  'a"b\'c`d$(id)',
  'two\nlines\r\n',
  '\u202etxt.exe',
  '../../etc/passwd',
  '<script>',
  'x'.repeat(70_000),
  '',
  'jaco-1',
];

function member(index: number, more: Partial<Node> = {}): Node {
  return {
    hostname: `${NAMES[index % NAMES.length]}${index}`,
    address: `10.9.${index % 250}.1:7001`,
    grpcAddress: '',
    status: index % 9,
    statusDetails: { [`${NAMES[index % NAMES.length]}`]: `${NAMES[(index + 1) % NAMES.length]}` },
    serverCertFingerprint: Buffer.alloc(0),
    wireguardPubkey: Buffer.alloc(0),
    joinedAt: undefined,
    cpuPressure: Number.NaN,
    memoryPressure: Number.POSITIVE_INFINITY,
    lastPressureAt: undefined,
    ...more,
  };
}

/** A daemon that answers Status with these bytes, over TLS that is trusted. */
async function answering(bytes: Buffer): Promise<{ address: string; close: () => void }> {
  const server = new grpc.Server();
  const pass = (message: Buffer): Buffer => message;
  const status = {
    path: '/jaco.v1.Cluster/Status',
    requestStream: false,
    responseStream: false,
    requestSerialize: pass,
    requestDeserialize: pass,
    responseSerialize: pass,
    responseDeserialize: pass,
  };
  const answer: grpc.handleUnaryCall<Buffer, Buffer> = (_, callback) => callback(null, bytes);
  server.addService({ status }, { status: answer });
  const pair = nodeCertificates['demo-1'] as { cert: string; key: string };
  const credentials = grpc.ServerCredentials.createSsl(null, [
    { cert_chain: Buffer.from(pair.cert), private_key: Buffer.from(pair.key) },
  ]);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error ? reject(error) : resolve(bound))),
  );
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

const encoded = (given: Partial<ClusterStatusResponse>): Buffer =>
  Buffer.from(
    ClusterStatusResponse.encode({
      initialized: true,
      leader: '10.9.0.1:7001',
      raftIndex: '1',
      nodes: [],
      suffrages: [],
      ...given,
    }).finish(),
  );
const at = (seconds: string) => ({ seconds, nanos: 999_999_999 });

describe('an answer that', () => {
  const answers: { readonly [what: string]: Buffer } = {
    'is larger than 4 MiB, of names that no host has': encoded({
      nodes: Array.from({ length: 400 }, (_, index) => member(index)),
    }),
    'lists 20,000 members': encoded({
      nodes: Array.from({ length: 20_000 }, (_, index) =>
        member(index, { hostname: `node-${index}`, statusDetails: {} }),
      ),
    }),
    'has numbers beyond 2^53': encoded({
      raftIndex: '18446744073709551615',
      nodes: [member(8, { joinedAt: at('9223372036854775807') })],
    }),
    'has clocks of 1970, 2100 and no year at all': encoded({
      nodes: ['0', '4102444800', '-62135596801', '9000000000000'].map((seconds, index) =>
        member(index, { hostname: `clock-${index}`, joinedAt: at(seconds), lastPressureAt: at(seconds) }),
      ),
    }),
    'has names of invalid UTF-8': Buffer.from(
      encoded({ nodes: [member(0, { hostname: 'QQQQQQ' })] })
        .toString('latin1')
        .replaceAll('QQQQQQ', '\u00ff\u00fe\u00c0\u0080\u00ed\u00a0'),
      'latin1',
    ),
    'names a leader that is not an address': encoded({ leader: '\u001b[31m$(reboot):70000', nodes: [member(3)] }),
    'lists a member a thousand times': encoded({
      nodes: Array.from({ length: 1_000 }, () => member(0, { hostname: 'jaco-1', grpcAddress: '127.0.0.1:1' })),
    }),
  };
  for (const [what, bytes] of Object.entries(answers))
    test(`${what} costs no row and prints nothing but text`, { timeout: 60_000 }, async () => {
      const { address, close } = await answering(bytes);
      const args = ['--server', address, '--ca-cert', join(folder, 'ca.crt'), '--verbose'];
      const [human, json] = await Promise.all([doctor(args), doctor([...args, '--format', 'json'])]);
      close();
      for (const { stdout, stderr, code } of [human, json]) {
        expect([0, 1, 3]).toContain(code);
        expect(stderr).toBe('');
        expect(stdout.replaceAll('\n', '')).not.toMatch(UNPRINTABLE);
        expect(stdout).not.toMatch(/check_crashed/);
      }
      const report = JSON.parse(json.stdout) as Report;
      expect(report.checks.find(({ name }) => name === 'daemon-socket')?.status).toBe('pass');
    });
});

describe('a file or a journal that', () => {
  const yamls: { readonly [what: string]: string } = {
    'is a YAML bomb': `a: &a [x]\n${'bcdefghijklmnop'
      .split('')
      .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghijklmnop'[index]}`).join(', ')}]`)
      .join('\n')}\n`,
    'points at itself': 'data_dir: &x [*x]\n',
    'nests without end': `${'['.repeat(100_000)}\n`,
    'is one key of a million characters': `${'k'.repeat(1_000_000)}: 1\n`,
    'has terminal commands in it': 'data_dir: "\\e[2J\\e]0;owned\\a"\nlisten_addr: "\u001b[31m"\n',
  };
  for (const [what, yaml] of Object.entries(yamls))
    test(`${what} is refused as the daemon would, or read, in time`, { timeout: 60_000 }, async () => {
      const config = join(folder, `${what.replaceAll(' ', '-')}.yaml`);
      writeFileSync(config, yaml);
      const { stdout, stderr, code, ms } = await doctor([
        '--socket',
        cluster.node(1).socketPath,
        '--config',
        config,
        '--verbose',
      ]);
      expect([0, 1, 3]).toContain(code);
      expect(stderr).toBe('');
      expect(ms).toBeLessThan(15_000);
      expect(stdout.replaceAll('\n', '')).not.toMatch(UNPRINTABLE);
      expect(stdout).not.toMatch(/check_crashed/);
    });

  test('writes lines of 10 MB, bytes that are not text, and times of other centuries', {
    timeout: 60_000,
  }, async () => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    const line = (fields: object): string =>
      JSON.stringify({ PRIORITY: '3', SUBSYSTEM: 'raft', __REALTIME_TIMESTAMP: '1795000000000000', ...fields });
    writeFileSync(
      join(bin, 'lines'),
      Buffer.concat([
        Buffer.from(`${line({ MESSAGE: `raft: ${'y'.repeat(10 * 1024 * 1024)}` })}\n`),
        Buffer.from(`${line({ MESSAGE: Array.from({ length: 60 }, (_, byte) => byte) })}\n`),
        Buffer.from(
          `${line({ MESSAGE: 'x', __REALTIME_TIMESTAMP: '99999999999999999999' })}\n${line({ MESSAGE: 'x', __REALTIME_TIMESTAMP: '-1' })}\n`,
        ),
        Buffer.from(`{"MESSAGE":"${'\u001b]52;c;b3duZWQ=\u0007'}","__REALTIME_TIMESTAMP":"0"}\n`),
        Buffer.from([0x7b, 0xff, 0xfe, 0x0a]),
      ]),
    );
    writeFileSync(join(bin, 'journalctl'), `#!/bin/sh\nexec cat ${join(bin, 'lines')}\n`);
    chmodSync(join(bin, 'journalctl'), 0o755);
    const { socketPath, configPath } = cluster.node(1);
    const run = await doctor(['--socket', socketPath, '--config', configPath, '--verbose'], {
      env: { PATH: `${bin}:${process.env['PATH']}` },
    });
    expect(run.stderr).toBe('');
    expect(run.stdout.replaceAll('\n', '')).not.toMatch(UNPRINTABLE);
    expect(run.stdout).not.toMatch(/check_crashed/);
  });
});
