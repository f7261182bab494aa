import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { upstreamVerdict } from '../../checks/jaco/dns-upstreams/upstream-verdict.ts';
import type { Question } from '../../src/probes/io/dns/message.ts';
import { queryTcp } from '../../src/probes/io/dns/query-tcp.ts';
import { queryUdp } from '../../src/probes/io/dns/query-udp.ts';
import { readDnsLines } from '../../src/probes/jaco/journal/dns-lines.ts';
import { upstreamAnswers } from '../../src/probes/jaco/network/upstream-answers.ts';
import { upstreamOf } from '../../src/probes/jaco/network/upstreams.ts';
import { PATH, requireRootAnd, until } from './shell.ts';

// Real resolvers of Debian, and their answers when healthy, faulty and absent.
const folder = mkdtempSync(join(tmpdir(), 'jd-names-'));
const servers = new Set<ChildProcess>();
beforeAll(() => requireRootAnd('dnsmasq', 'unbound'));
afterEach(() => {
  for (const server of servers) server.kill('SIGKILL');
  servers.clear();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ADDRESS = '127.0.0.1';

/** A port of 127.0.0.1 that is free for both protocols. */
async function freePort(): Promise<number> {
  const tcp = createServer();
  await new Promise<void>((resolve) => tcp.listen(0, ADDRESS, resolve));
  const { port } = tcp.address() as { port: number };
  const udp = createSocket('udp4');
  await new Promise<void>((resolve) => udp.bind(port, ADDRESS, resolve));
  await Promise.all([new Promise((done) => tcp.close(done)), new Promise<void>((done) => udp.close(done))]);
  return port;
}

async function serve(
  program: string,
  words: readonly string[],
  port: number,
  question: Question,
): Promise<ChildProcess> {
  const server = spawn(program, words, { env: { PATH }, stdio: ['ignore', 'ignore', 'pipe'] });
  servers.add(server);
  let complaint = '';
  server.stderr?.on('data', (chunk: Buffer) => {
    complaint += chunk;
  });
  await until(`${program} answers`, async () => {
    if (server.exitCode !== null) throw new Error(`${program} ended: ${complaint}`);
    const said = await Promise.all([said4(port, question), said4(port, question, queryTcp)]);
    return said.some(({ kind }) => kind === 'answer');
  });
  return server;
}

/** dnsmasq with only these options. */
async function dnsmasq(...options: readonly string[]): Promise<{ port: number; server: ChildProcess }> {
  const port = await freePort();
  const words = ['--keep-in-foreground', '--conf-file=/dev/null', '--no-resolv', '--no-hosts', '--bind-interfaces'];
  const here = [`--port=${port}`, `--listen-address=${ADDRESS}`, '--user=root', '--pid-file', ...options];
  return { port, server: await serve('dnsmasq', [...words, ...here], port, LOCALHOST) };
}

async function unbound(...lines: readonly string[]): Promise<number> {
  const port = await freePort();
  const config = join(folder, 'unbound.conf');
  const common = [
    `server:`,
    `  interface: ${ADDRESS}`,
    `  port: ${port}`,
    '  chroot: ""',
    '  username: ""',
    '  pidfile: ""',
    '  use-syslog: no',
    '  do-daemonize: no',
    '  do-not-query-localhost: no',
    '  module-config: "iterator"',
  ];
  writeFileSync(config, `${[...common, ...lines].join('\n')}\n`);
  await serve('unbound', ['-d', '-c', config], port, LOCALHOST);
  return port;
}

/** unbound with a resolver that refuses: it answers SERVFAIL. */
async function failing(): Promise<number> {
  const { port } = await dnsmasq();
  return unbound('forward-zone:', '  name: "."', `  forward-addr: ${ADDRESS}@${port}`);
}

const LOCALHOST: Question = { name: 'localhost', type: 'A' };
const OUTSIDE: Question = { name: 'example.com', type: 'A' };

function said4(port: number, question: Question, by = queryUdp, limitMs = 1_000) {
  return by({ address: ADDRESS, port }, question, { limitMs, signal: AbortSignal.timeout(5_000) });
}

/** The doctor's verdict on a server, from its real answers. */
async function judged(port: number, failed: readonly string[] = []) {
  const lines = {
    ...readDnsLines(null),
    failed: failed.map((name) => ({ name, atMs: Date.now(), error: 'all upstreams failed' })),
  };
  const io = { settings: { standIn: null }, phase: () => {} };
  const upstreams = {
    list: [upstreamOf(`${ADDRESS}:${port}`, '10.244.0.0/16')],
    from: 'forwarders',
    certain: true,
    timeoutMs: 700,
  };
  const result = await upstreamAnswers.collect(
    io as never,
    { network: {}, upstreams, lines } as never,
    AbortSignal.timeout(8_000),
  );
  if (result.kind !== 'value') throw new Error(JSON.stringify(result));
  const [one] = result.value.answers;
  if (one === undefined) throw new Error('no server was asked');
  return upstreamVerdict(one.answer, lines as never, Date.now());
}

describe('one question', () => {
  it('is answered', async () => {
    const { port } = await dnsmasq('--host-record=example.com,192.0.2.7', '--local=/example.com/');
    expect(await said4(port, OUTSIDE)).toMatchObject({ kind: 'answer', rcode: 'NOERROR', addresses: ['192.0.2.7'] });
    expect(await said4(port, { ...OUTSIDE, type: 'AAAA' })).toMatchObject({ rcode: 'NOERROR', addresses: [] });
    expect(await said4(port, OUTSIDE, queryTcp)).toMatchObject({ rcode: 'NOERROR', addresses: ['192.0.2.7'] });
  });

  it('has no answer, because the name does not exist', async () => {
    const { port } = await dnsmasq('--address=/example.com/');
    expect(await said4(port, OUTSIDE)).toMatchObject({ kind: 'answer', rcode: 'NXDOMAIN' });
  });

  it('is refused', async () => {
    const { port } = await dnsmasq();
    expect(await said4(port, OUTSIDE)).toMatchObject({ kind: 'answer', rcode: 'REFUSED' });
  });

  it('fails, because its upstream refuses', async () => {
    expect(await said4(await failing(), OUTSIDE, queryUdp, 5_000)).toMatchObject({ kind: 'answer', rcode: 'SERVFAIL' });
  });

  it('is cut short, and whole over TCP', async () => {
    const many = Array.from({ length: 60 }, (_, at) => `--host-record=many.example,192.0.2.${at + 1}`);
    const { port } = await dnsmasq(...many);
    const question: Question = { name: 'many.example', type: 'A' };
    expect(await said4(port, question)).toMatchObject({ kind: 'answer', rcode: 'NOERROR', truncated: true });
    const whole = await said4(port, question, queryTcp);
    expect(whole).toMatchObject({ kind: 'answer', truncated: false });
    // As many as are kept.
    expect(whole.kind === 'answer' ? whole.addresses.length : 0).toBe(32);
  });

  it('gets no answer of a server that hangs, and ends in time', async () => {
    const { port, server } = await dnsmasq('--address=/example.com/192.0.2.7');
    server.kill('SIGSTOP');
    const started = performance.now();
    expect(await said4(port, OUTSIDE, queryUdp, 400)).toMatchObject({ kind: 'failure', why: 'silent' });
    // The kernel accepts the connection for it.
    expect(await said4(port, OUTSIDE, queryTcp, 400)).toMatchObject({ kind: 'failure', why: 'silent' });
    expect(performance.now() - started).toBeLessThan(1_200);
  });

  it('finds no listener', async () => {
    expect(await said4(await freePort(), OUTSIDE)).toMatchObject({ kind: 'failure', why: 'refused' });
    expect(await said4(await freePort(), OUTSIDE, queryTcp)).toMatchObject({ kind: 'failure', why: 'refused' });
  });
});

describe('a name server of the list', () => {
  it('that resolves is good', async () => {
    const { port } = await dnsmasq('--address=/example.com/192.0.2.7');
    expect(await judged(port)).toEqual({ kind: 'good', note: null });
  });

  it('that knows the outside, and that this name is not there, is good', async () => {
    const { port } = await dnsmasq('--address=/example.com/');
    expect(await judged(port)).toEqual({ kind: 'good', note: null });
  });

  it('of a closed network, which refuses external names, is alive; dead once a container’s query has failed', async () => {
    const { port } = await dnsmasq();
    expect(await judged(port)).toEqual({ kind: 'limited', summary: 'example.com: it answers REFUSED' });
    expect(await judged(port, ['db.example'])).toMatchObject({ kind: 'dead', cause: 'refuses', waits: false });
  });

  it('that knows the name a container asked for is good', async () => {
    const { port } = await dnsmasq('--address=/db.example/192.0.2.7');
    expect(await judged(port, ['db.example'])).toMatchObject({ kind: 'good' });
  });

  it('whose upstreams refuse fails', async () => {
    const port = await failing();
    expect(await judged(port)).toEqual({ kind: 'limited', summary: 'example.com: it answers SERVFAIL' });
    expect(await judged(port, ['db.example'])).toMatchObject({ kind: 'dead', cause: 'fails' });
  });

  it('that hangs is silent, and waited for', async () => {
    const { port, server } = await dnsmasq();
    server.kill('SIGSTOP');
    expect(await judged(port)).toMatchObject({ kind: 'dead', cause: 'silent', waits: true });
  });

  it('that is away is not listening', async () => {
    expect(await judged(await freePort())).toMatchObject({ kind: 'dead', cause: 'not-listening', waits: false });
  });

  it('that takes TCP only is of no use to JACO', async () => {
    const port = await unbound('  do-udp: no', '  local-data: "example.com. A 192.0.2.7"');
    expect(await judged(port)).toMatchObject({ kind: 'dead', cause: 'tcp-only' });
  });

  it('that denies queries from here refuses everything', async () => {
    const port = await unbound('  access-control: 127.0.0.0/8 refuse');
    expect(await judged(port)).toMatchObject({ kind: 'dead', cause: 'refuses' });
  });
});
