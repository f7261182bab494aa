/**
 * A stand-in for jacod as a systemd service, without an orchestrator but with the same outside. It takes the socket of
 * jaco.socket, tells systemd that it is ready, reads the same configuration with the same errors, holds the same ports,
 * writes the same lines to the same journal, and answers Cluster.Status with the stand-in cluster's own gRPC server.
 * Its texts are those of real daemons (docs/jaco-daemon/journal.md#journal-lines,
 * docs/jaco-daemon/daemon.md#start-errors, docs/jaco-daemon/journal.md).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, readFileSync, statSync, truncateSync, unlinkSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { bootstrapCertificate } from '../../../src/demo/jaco/certificates.ts';
import { answerCall } from '../../../src/demo/jaco/daemon.ts';
import { grpcServer } from '../../../src/demo/jaco/grpc-server.ts';
import { newMember, toNode, toSuffrage } from '../../../src/demo/jaco/members.ts';
import { emptyState, type ReplicatedState } from '../../../src/demo/jaco/replicated-state.ts';
import type { KeyPair } from '../../../src/demo/key-pair.ts';
import { type ClusterStatusResponse, type Node, NodeStatus } from '../../../src/wire/jaco.ts';
import { serveNames } from './names.ts';
import { contentOf, type Workload } from './workload.ts';

const HEARTBEAT_MS = 5_000;
const ELECTION_MS = 200;
const WRITE_MS = 300;
/** The log is truncated at this size, so that a long test does not fill the machine. */
const MAX_LOG_BYTES = 8 * 1024 * 1024;
const FIRST_INDEX = 45;

const KEYS = new Set([
  ...['data_dir', 'listen_addr', 'cluster_addr', 'unix_socket', 'wg_port', 'acme_email', 'acme_ca', 'acme_enabled'],
  ...['acme_skip_staging', 'log_level', 'ipam_pool', 'node_status_interval', 'dns'],
]);

type Config = {
  dataDir: string;
  listenAddr: string;
  clusterAddr: string;
  unixSocket: string;
  forwarder: string | null;
};

/**
 * The journal's native protocol and sd_notify use datagrams, which Node cannot send. One child sends them, and lives as
 * long as the daemon, so that journald finds its unit.
 */
class Datagrams {
  readonly #child: ChildProcess;

  constructor() {
    const program = `use Socket; use POSIX (); POSIX::close($_) for 3 .. 9; $SIG{TERM} = 'IGNORE';
      socket(my $out, AF_UNIX, SOCK_DGRAM, 0) or die;
      while (<STDIN>) { my ($to, $hex) = split; send($out, pack('H*', $hex), 0, sockaddr_un($to)) or warn "$to: $!" }
      select undef, undef, undef, 0.05`; // journald reads the sender while it takes the last message
    this.#child = spawn('/usr/bin/perl', ['-e', program], { stdio: ['pipe', 'inherit', 'inherit'] });
  }

  send(to: string, content: Buffer | string): void {
    this.#child.stdin?.write(`${to} ${Buffer.from(content).toString('hex')}\n`);
  }

  async close(): Promise<void> {
    this.#child.stdin?.end();
    await once(this.#child, 'close');
  }
}

const datagrams = new Datagrams();
/** What init creates: one operator token. */
const HOLDS: ReplicatedState = {
  ...emptyState(),
  tokens: [
    { identity: 'bootstrap', token: 'ab'.repeat(32), issuedAt: Date.now(), revokedAt: null, allowsPrivileged: false },
  ],
};

type Level = 'ERROR' | 'WARN' | 'INFO';
const PRIORITIES: Readonly<Record<Level, string>> = { ERROR: '3', WARN: '4', INFO: '6' };

function log(level: Level, subsystem: string, message: string, fields: Readonly<Record<string, string>> = {}): void {
  const entry = {
    MESSAGE: message,
    PRIORITY: PRIORITIES[level],
    SYSLOG_IDENTIFIER: 'jacod',
    SUBSYSTEM: subsystem,
    ...fields,
  };
  datagrams.send('/run/systemd/journal/socket', Buffer.concat(Object.entries(entry).map(([k, v]) => field(k, v))));
}

/**
 * `NAME=value`, or where the value has lines, its name, its length and its bytes (systemd.io/JOURNAL_NATIVE_PROTOCOL).
 */
function field(name: string, text: string): Buffer {
  const bytes = Buffer.from(text);
  if (!bytes.includes(10)) return Buffer.from(`${name}=${text}\n`);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([Buffer.from(`${name}\n`), length, bytes, Buffer.from('\n')]);
}

/** raft's own logger, which writes to stderr and uses no journal fields. */
function raftLog(level: Level, text: string): void {
  process.stderr.write(`${new Date().toISOString()} ${`[${level}]`.padEnd(7)} raft: ${text}\n`);
}

async function fatal(error: string): Promise<never> {
  log('ERROR', 'jacod', 'jacod exited', { ERROR: error });
  await datagrams.close();
  process.exit(1);
}

function readConfig(path: string): Config | { refused: string } {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const words = (error as NodeJS.ErrnoException).code === 'EACCES' ? 'permission denied' : 'is a directory';
    return { refused: `load config ${path}: read ${path}: open ${path}: ${words}` };
  }
  const parsed: Record<string, unknown> | null = parse(text);
  if (parsed === null) return { refused: `load config ${path}: parse jacod.yaml: EOF` };
  const stray = Object.keys(parsed).find((key) => !KEYS.has(key));
  if (stray !== undefined) {
    const line = text.split('\n').findIndex((one) => one.startsWith(`${stray}:`)) + 1;
    const words = `line ${line}: field ${stray} not found in type config.Config`;
    return { refused: `load config ${path}: parse jacod.yaml: yaml: unmarshal errors:\n  ${words}` };
  }
  const { forwarders = [] } = (parsed['dns'] ?? {}) as { forwarders?: string[] };
  for (const forwarder of forwarders) {
    const why = /^10\.244\.\d+\.1(:|$)/.test(forwarder)
      ? '10.244.*.1 is a JACO bridge gateway'
      : /^127\.\d+\.\d+\.11(:|$)/.test(forwarder)
        ? "127.0.0.11 is docker's embedded resolver"
        : null;
    const loop = 'configuring it as an upstream would create a forwarding loop';
    if (why !== null) return { refused: `load config ${path}: dns.forwarders["${forwarder}"]: ${why}; ${loop}` };
  }
  return {
    dataDir: String(parsed['data_dir'] ?? '/var/lib/jaco'),
    listenAddr: String(parsed['listen_addr'] ?? '0.0.0.0:7000'),
    clusterAddr: String(parsed['cluster_addr'] ?? '0.0.0.0:7001'),
    unixSocket: String(parsed['unix_socket'] ?? '/var/run/jaco/jaco.sock'),
    forwarder: forwarders[0] ?? null,
  };
}

/** Listens, or returns Go's error text. */
async function listenAt(address: string, take: (socket: Socket) => void): Promise<string | null> {
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(address) ?? [];
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    take(socket);
  });
  const tried = once(server, 'listening').then(
    () => null,
    (error: NodeJS.ErrnoException) => error.code ?? 'error',
  );
  server.listen({ host, port: Number(port) });
  const code = await tried;
  if (code === null) return null;
  const words =
    { EADDRINUSE: 'address already in use', EADDRNOTAVAIL: 'cannot assign requested address' }[code] ?? code;
  return `listen tcp ${address}: bind: ${words}`;
}

/** The workload that a test gave it; null for none. */
function workload(): Workload | null {
  try {
    return JSON.parse(readFileSync('/opt/stand-in/workload.json', 'utf8'));
  } catch {
    return null;
  }
}

function content(): ReplicatedState {
  const given = workload();
  return given === null ? HOLDS : { ...contentOf(given, hostname()), tokens: HOLDS.tokens };
}

/** Whether raft state exists, as the daemon itself determines it: what it may not read does not exist for it. */
function hasRaftState(dataDir: string): boolean {
  try {
    return statSync(join(dataDir, 'raft/log.db')).isFile();
  } catch {
    return false;
  }
}

/** A running member: elected soon after its start, and writing its log as long as the disk has space. */
class Member {
  #leads = false;
  readonly #config: Config;
  readonly #startedAt = Date.now();

  constructor(config: Config) {
    this.#config = config;
    const servers = `[{Suffrage:Voter ID:${hostname()} Address:${config.clusterAddr}}]`;
    raftLog('INFO', `initial configuration: index=1 servers="${servers}"`);
    raftLog(
      'INFO',
      `entering follower state: follower="Node at ${config.clusterAddr} [Follower]" leader-address= leader-id=`,
    );
    setTimeout(() => this.#write(), ELECTION_MS);
    setInterval(() => this.#write(), WRITE_MS);
    // More than 95 % of a healthy journal (docs/jaco-daemon/journal.md).
    setInterval(() => {
      const of = {
        REPLICA_ID: 'shop-web-0',
        DEPLOYMENT: 'shop',
        SERVICE: 'web',
        CONTAINER_ID: 'c0ffee'.padEnd(64, '0'),
      };
      log('INFO', 'runtime/reconciler', 'replica container started', of);
    }, WRITE_MS);
  }

  status(): ClusterStatusResponse {
    const now = Date.now();
    const { clusterAddr, listenAddr } = this.#config;
    const member = newMember(hostname(), clusterAddr, listenAddr, this.#startedAt - 72 * 3_600_000);
    const suffrage = toSuffrage({ ...member, suffrage: 'voter' });
    return {
      initialized: true,
      leader: this.#leads ? clusterAddr : '',
      nodes: [isolated(toNode({ ...member, heartbeat: { kind: 'stopped', at: now - (now % HEARTBEAT_MS) } }, now))],
      raftIndex: String(FIRST_INDEX + Math.floor((now - this.#startedAt) / HEARTBEAT_MS)),
      suffrages: this.#leads && suffrage !== null ? [suffrage] : [],
    };
  }

  #write(): void {
    const path = join(this.#config.dataDir, 'raft/log.db');
    try {
      if (statSync(path).size > MAX_LOG_BYTES) truncateSync(path, 4096);
      appendFileSync(path, Buffer.alloc(16 * 1024, 1));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      raftLog('ERROR', `failed to commit logs: error="write ${path}: no space left on device"`);
      if (this.#leads) log('INFO', 'raft', 'raft leadership lost', { LEADER: this.#config.clusterAddr });
      this.#leads = false;
      return;
    }
    if (this.#leads) return;
    this.#leads = true;
    raftLog('INFO', `entering leader state: leader="Node at ${this.#config.clusterAddr} [Leader]"`);
    log('INFO', 'raft', 'raft leadership acquired', { LEADER: this.#config.clusterAddr });
  }
}

/** With the daemon's lines about its isolation (docs/jaco-daemon/isolation.md#firewall-loop). */
function isolated(node: Node): Node {
  const reason = workload()?.isolation ?? null;
  if (reason === null) return node;
  return { ...node, status: NodeStatus.ISOLATION_UNAVAILABLE, statusDetails: { reason } };
}

async function main(): Promise<void> {
  const config = readConfig(process.env['JACO_CONFIG'] ?? '/etc/jaco/jacod.yaml');
  if ('refused' in config) return fatal(config.refused);
  const { dataDir, listenAddr, clusterAddr, unixSocket } = config;
  log('INFO', 'jacod', 'starting', { VERSION: process.version, DATA_DIR: dataDir, UNIX_SOCKET: unixSocket });

  let member: Member | null = null;
  let certificate: KeyPair = bootstrapCertificate;
  const uninitialized = { nodes: [], leader: '', raftIndex: '0', initialized: false, suffrages: [] };
  const serve = (over: 'socket' | 'tcp') =>
    grpcServer(async (call) =>
      answerCall({ status: member?.status() ?? uninitialized, content: content(), release: 'v0.3.9' }, call, over),
    );
  const [local, remote] = [serve('socket'), serve('tcp')];

  const refused = await listenAt(listenAddr, (socket) => remote.serveTls(socket, certificate));
  if (refused !== null) return fatal(`gRPC server: listen tcp ${listenAddr}: ${refused}`);
  const control = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    local.servePlain(socket);
  });
  const passed = process.env['LISTEN_FDS'] === '1';
  control.listen(passed ? { fd: 3 } : { path: unixSocket });
  await once(control, 'listening');
  if (passed) log('INFO', 'jacod', 'using systemd-activated local-control socket', { SOCKET: unixSocket });
  else chmodSync(unixSocket, 0o660);

  if (hasRaftState(dataDir)) {
    const busy = await listenAt(clusterAddr, (socket) => socket.once('data', () => socket.destroy()));
    if (busy === null) {
      const [cert, key] = ['crt', 'key'].map((end) => readFileSync(join(dataDir, `node/${hostname()}.${end}`), 'utf8'));
      certificate = { cert: cert as string, key: key as string };
      member = new Member(config);
      if (workload()?.resolves) await serveNames(workload, config.forwarder);
      log('INFO', 'jacod', 'resumed existing raft state', {
        NODE: hostname(),
        BIND: clusterAddr,
        ADVERTISE: clusterAddr,
      });
    } else {
      const error = `raftnode.New: tcp transport: ${busy}`;
      log('WARN', 'jacod', 'auto-resume OpenRaft failed, staying uninitialized', { ERROR: error });
    }
  }
  if (member === null) {
    const message = 'listening (uninitialized — run `jaco cluster init` or `jaco node join`)';
    log('INFO', 'jacod', message, { SOCKET: unixSocket });
  }

  process.on('SIGTERM', async () => {
    log('INFO', 'jacod', 'signal received, shutting down');
    // Go's listener removes the file on close, although systemd created it
    // (docs/jaco-daemon/control.md#socket-unlinked).
    try {
      unlinkSync('/run/jaco/jaco.sock');
    } catch {}
    log('INFO', 'jacod', 'shutdown complete');
    await datagrams.close();
    process.exit(0);
  });
  const notify = process.env['NOTIFY_SOCKET'];
  if (notify !== undefined) datagrams.send(notify, 'READY=1');
}

void main();
