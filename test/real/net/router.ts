import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { closeOnSignal } from '../../../src/demo/close-on-signal.ts';
import type { ProberReply, ProberRequest } from '../../../src/probes/io/prober/prober-request.ts';
import { command, PATH, requireRootAnd } from '../shell.ts';

/**
 * Sends and receives datagrams where it runs: a line `PORT IP PORT TEXT` is sent from the first port. Received ones are
 * printed, except the prober's, which are answered. On port 9000 it accepts connections too.
 */
const AGENT = `
  const { createSocket } = require('node:dgram');
  const sockets = new Map();
  const at = (port) => {
    if (!sockets.has(port)) sockets.set(port, new Promise((done) => {
      const socket = createSocket('udp4');
      socket.on('message', (text, from) => {
        if (text[0] === 0) socket.send(text, from.port, from.address, () => {});
        else process.stdout.write(text + '\\n');
      });
      // A rejected packet comes back as an error.
      socket.on('error', () => {});
      socket.bind(port, () => done(socket));
    }));
    return sockets.get(port);
  };
  const connections = require('node:net').createServer((socket) => socket.on('error', () => {}).end());
  at(9000).then(() => connections.listen(9000, () => process.stdout.write('ready\\n')));
  require('node:readline').createInterface(process.stdin).on('line', async (line) => {
    const [from, ip, to, text] = line.split(' ');
    (await at(Number(from))).send(text, Number(to), ip, () => {});
  }).on('close', () => process.exit());
`;

const HEARD_WITHIN_MS = 1_000;
/** A packet within one kernel takes a fraction of a millisecond. */
const NOT_HEARD_FOR_MS = 25;

type Place = 'router' | 'a' | 'b';

/**
 * A router between two hosts, each in a network namespace: `a` is 10.244.0.2 behind jaco-a, `b` is 10.244.1.2 behind
 * jaco-b, and the router has .1 of both. A test loads its packet filter. Close it.
 */
export class Router {
  readonly #prefix = `jd${process.pid}`;
  readonly #agents = new Map<Place, ChildProcess>();
  readonly #heard = new Map<Place, Set<string>>();
  readonly #forget = closeOnSignal(() => this.#remove());
  #sent = 0;

  private constructor() {}

  static async start(): Promise<Router> {
    requireRootAnd('ip', 'nft', 'iptables-nft-save', 'iptables-legacy-save', 'nsenter');
    const router = new Router();
    try {
      await router.#build();
      for (const place of ['router', 'a', 'b'] as const) await router.#listen(place);
    } catch (error) {
      router.close();
      throw error;
    }
    return router;
  }

  /** Runs a command on the router. */
  run(words: readonly string[], input = ''): { status: number | null; stdout: string; stderr: string } {
    const argv = [`--net=/run/netns/${this.#name('router')}`, '--', ...words];
    return spawnSync('nsenter', argv, { input, encoding: 'utf8', env: { PATH } });
  }

  /** Runs a command on the router; it must succeed. */
  on(words: readonly string[], input = ''): string {
    const { status, stdout, stderr } = this.run(words, input);
    if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}\n${input}`);
    return stdout;
  }

  /** A port of a host that has sent no packet yet. */
  newPort(): number {
    this.#sent += 1;
    return 10_000 + (this.#sent % 20_000);
  }

  /** Whether a datagram arrives. If it is expected, the wait is long and it is sent twice. */
  async arrives(
    from: { place: Place; port: number },
    to: { place: Place; ip: string; port: number },
    expected: boolean,
  ): Promise<boolean> {
    this.#sent += 1;
    const text = `${this.#sent}`;
    const heard = this.#heard.get(to.place);
    const send = () => this.#agents.get(from.place)?.stdin?.write(`${from.port} ${to.ip} ${to.port} ${text}\n`);
    const end = performance.now() + (expected ? HEARD_WITHIN_MS : NOT_HEARD_FOR_MS);
    send();
    while (performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (heard?.has(text)) return true;
    }
    return false;
  }

  /** Sends all of this at once with the doctor's own prober, from one namespace; the replies are in order. */
  async ask(place: Place, requests: readonly ProberRequest[], limitMs: number): Promise<readonly ProberReply[]> {
    const prober = await readFile(new URL('../../../dist/prober.mjs', import.meta.url), 'utf8');
    const input = `globalThis.assignment=${JSON.stringify({ requests, limitMs })};\n${prober}`;
    const words = [`--net=/run/netns/${this.#name(place)}`, '--', process.execPath, '--input-type=module', '-'];
    // If the child ends before it has read everything, the pipe breaks, and its exit code says more.
    const { code, stdout, stderr } = await command('nsenter', words, (child) =>
      child.stdin?.on('error', () => {}).end(input),
    );
    if (code !== 0) throw new Error(`the prober ended with ${code}: ${stderr}`);
    return JSON.parse(stdout) as readonly ProberReply[];
  }

  close(): void {
    this.#forget();
    this.#remove();
  }

  #name(place: Place): string {
    return `${this.#prefix}${place}`;
  }

  async #build(): Promise<void> {
    const [router, a, b] = [this.#name('router'), this.#name('a'), this.#name('b')];
    const host = (name: string, octet: number, end: string): readonly string[] => [
      `link add ${end} netns ${router} type veth peer name eth0 netns ${name}`,
      `-n ${router} addr add 10.244.${octet}.1/24 dev ${end}`,
      `-n ${router} link set ${end} up`,
      `-n ${name} addr add 10.244.${octet}.2/24 dev eth0`,
      `-n ${name} link set eth0 up`,
      `-n ${name} route add default via 10.244.${octet}.1`,
    ];
    const lines = [
      ...[router, a, b].map((name) => `netns add ${name}`),
      ...host(a, 0, 'jaco-a'),
      ...host(b, 1, 'jaco-b'),
    ];
    for (const line of lines) {
      const { code, stderr } = await command('ip', line.split(' '));
      if (code !== 0) throw new Error(`ip ${line}: ${stderr}`);
    }
    this.on(['sysctl', '-qw', 'net.ipv4.ip_forward=1']);
  }

  async #listen(place: Place): Promise<void> {
    const words = [`--net=/run/netns/${this.#name(place)}`, '--', process.execPath, '-e', AGENT];
    const agent = spawn('nsenter', words, { stdio: ['pipe', 'pipe', 'inherit'], env: { PATH } });
    this.#agents.set(place, agent);
    const heard = new Set<string>();
    this.#heard.set(place, heard);
    await new Promise<void>((resolve, reject) => {
      agent.once('exit', (code) => reject(new Error(`the agent of ${place} ended: ${code}`)));
      createInterface(agent.stdout as NodeJS.ReadableStream).on('line', (line) => {
        if (line === 'ready') resolve();
        else heard.add(line);
      });
    });
  }

  #remove(): void {
    for (const agent of this.#agents.values()) agent.kill('SIGKILL');
    for (const place of ['router', 'a', 'b'] as const)
      spawnSync('ip', ['netns', 'del', this.#name(place)], { env: { PATH }, stdio: 'ignore' });
  }
}
