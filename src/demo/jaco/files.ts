import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyPair } from '../key-pair.ts';

/** The files of one stand-in node, in the layout of a real one (docs/jaco-daemon/daemon.md#files). */
export type NodeFiles = {
  readonly dataDir: string;
  readonly configPath: string;
  readonly socketPath: string;
  readonly caPath: string;
  /** The path at which the stand-in of this node's Docker listens. */
  readonly dockerPath: string;
  /** Its journal, in the format of journalctl. */
  readonly journalPath: string;
};

/** Longest path of a unix socket, with room for the `.aside` name that it has while it closes. */
const MAX_SOCKET_PATH = 100;

/** Creates an empty directory for a cluster, with paths that are short enough for unix sockets. */
export function makeRoot(): string {
  const name = 'jaco-demo-';
  const roomy = join(tmpdir(), `${name}XXXXXX/demo-1/docker.sock.aside`).length <= MAX_SOCKET_PATH;
  return mkdtempSync(join(roomy ? tmpdir() : '/tmp', name));
}

export function nodeFiles(root: string, name: string): NodeFiles {
  const home = join(root, name);
  const dataDir = join(home, 'data');
  mkdirSync(join(dataDir), { recursive: true, mode: 0o700 });
  return {
    dataDir,
    configPath: join(home, 'jacod.yaml'),
    socketPath: join(home, 'jaco.sock'),
    caPath: join(dataDir, 'node/ca.crt'),
    dockerPath: join(home, 'docker.sock'),
    journalPath: join(home, 'journal.jsonl'),
  };
}

/** Writes jacod.yaml; `extra` lines come last. */
export function writeConfig(files: NodeFiles, grpcAddress: string, raftAddress: string, extra = ''): void {
  const lines = [
    `data_dir: ${files.dataDir}`,
    `listen_addr: ${grpcAddress}`,
    `cluster_addr: ${raftAddress}`,
    `unix_socket: ${files.socketPath}`,
    'acme_enabled: true',
  ];
  writeFileSync(files.configPath, `${lines.join('\n')}\n${extra}`, { mode: 0o644 });
}

/** Writes the files of init or join into the data directory. `join` is null on the node that created the cluster. */
export function writeData(
  files: NodeFiles,
  identity: { hostname: string; certificate: KeyPair; ca: string; join: Readonly<Record<string, unknown>> | null },
): void {
  const { hostname, certificate, ca, join: joined } = identity;
  const raft = join(files.dataDir, 'raft');
  const node = join(files.dataDir, 'node');
  mkdirSync(raft, { recursive: true, mode: 0o700 });
  mkdirSync(node, { recursive: true, mode: 0o700 });
  writeFileSync(join(raft, 'log.db'), 'placeholder of the stand-in: no bolt store\n', { mode: 0o600 });
  writeFileSync(join(node, `${hostname}.crt`), certificate.cert, { mode: 0o644 });
  writeFileSync(join(node, `${hostname}.key`), certificate.key, { mode: 0o600 });
  writeFileSync(files.caPath, ca, { mode: 0o644 });
  if (joined !== null) writeFileSync(join(node, 'join.json'), `${JSON.stringify(joined, null, 2)}\n`, { mode: 0o644 });
}

/** Removes raft state and certificates, as on a node that never joined. */
export function wipeData(files: NodeFiles): void {
  for (const part of ['raft', 'node']) rmSync(join(files.dataDir, part), { recursive: true, force: true });
}
