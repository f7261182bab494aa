import { jaco } from '../../../../checks/jaco.ts';
import type { Json } from '../../../../src/engine/json.ts';
import { type FailureWhy, type Outcome, value } from '../../../../src/engine/outcome.ts';
import type { Row } from '../../../../src/engine/row.ts';
import { type Addresses, hostAddresses } from '../../../../src/probes/host/addresses.ts';
import { type Identity, identity } from '../../../../src/probes/host/identity.ts';
import { type Listeners, listeners } from '../../../../src/probes/host/listeners.ts';
import { clusterStatus } from '../../../../src/probes/jaco/control/cluster-status.ts';
import { controlConnect } from '../../../../src/probes/jaco/control/control-connect.ts';
import type { ClusterStatus } from '../../../../src/probes/jaco/control/status-fact.ts';
import { type DataDir, dataDir } from '../../../../src/probes/jaco/daemon/data-dir.ts';
import { parseConfig } from '../../../../src/probes/jaco/daemon/jacod-config/parse-config.ts';
import { type JacodConfig, jacodConfig } from '../../../../src/probes/jaco/daemon/jacod-config.ts';
import { type Jacod, type JacodProcess, jacodProcess } from '../../../../src/probes/jaco/daemon/jacod-process.ts';
import { type PackageVersion, packageVersion } from '../../../../src/probes/jaco/daemon/package-version.ts';
import { type PathOwner, type SocketFile, socketFile } from '../../../../src/probes/jaco/daemon/socket-file.ts';
import { controlSocketPath, type SocketPath } from '../../../../src/probes/jaco/daemon/socket-path.ts';
import { type ServiceState, type SocketState, type Units, unit } from '../../../../src/probes/jaco/daemon/unit.ts';
import { type JacodVersion, jacodVersion } from '../../../../src/probes/jaco/journal/jacod-version.ts';
import { type JournalEntry, journal } from '../../../../src/probes/jaco/journal/journal.ts';
import { reading } from '../../../engine/small-product.ts';
import { failure, type Given, isOutcome, judgeFacts, onlyGroups } from '../../scene.ts';

/** The run's clock of every scene, and the start of the daemon in a healthy one. */
export const NOW = Date.parse('2026-11-21T12:00:00Z');
export const STARTED = NOW - 3_600_000;

const INVOCATION = '4b8fc6063551485d8cd45d986d99f39a';

export function service(given: Partial<ServiceState> = {}): ServiceState {
  return {
    load: 'loaded',
    active: 'active',
    sub: 'running',
    result: 'success',
    enabled: 'enabled',
    fragment: '/lib/systemd/system/jaco.service',
    needsReload: false,
    restarts: 0,
    mainPid: 226,
    exit: null,
    activeSinceMs: STARTED,
    inactiveSinceMs: null,
    startedAtMs: STARTED,
    exitedAtMs: null,
    invocation: INVOCATION,
    user: 'jaco',
    group: 'jaco',
    supplementaryGroups: [],
    execPath: '/usr/local/bin/jacod',
    configPath: '/etc/jaco/jacod.yaml',
    configUnknown: null,
    configNamedIn: [],
    readWritePaths: ['/var/lib/jaco'],
    stateDirectories: [],
    protectSystem: 'strict',
    privateTmp: true,
    ...given,
  };
}

export function socketUnit(given: Partial<SocketState> = {}): SocketState {
  return {
    load: 'loaded',
    active: 'active',
    sub: 'running',
    result: 'success',
    enabled: 'disabled',
    fragment: '/lib/systemd/system/jaco.socket',
    needsReload: false,
    listen: ['/run/jaco/jaco.sock'],
    socketGroup: 'jaco',
    socketMode: 0o660,
    ...given,
  };
}

/** The pause between two tries of a daemon that exits at once (docs/jaco-daemon/daemon.md#systemd). */
export const LOOPING = {
  active: 'activating',
  sub: 'auto-restart',
  result: 'exit-code',
  mainPid: null,
  restarts: 3,
  exit: { how: 'exited', status: 1 },
} as const;

/** `systemctl stop jaco` (docs/jaco-daemon/control.md#socket-unlinked). */
export const STOPPED = {
  active: 'inactive',
  sub: 'dead',
  mainPid: null,
  exit: { how: 'exited', status: 0 },
  inactiveSinceMs: NOW - 60_000,
} as const;

export function jacod(given: Partial<Jacod> = {}): Jacod {
  return {
    pid: 226,
    startedAtMs: STARTED,
    state: 'S',
    uid: 997,
    user: 'jaco',
    exe: { path: '/usr/local/bin/jacod', deleted: false },
    configPath: '/etc/jaco/jacod.yaml',
    ...given,
  };
}

export function owned(path: string, given: Partial<PathOwner> = {}): PathOwner {
  return { path, kind: 'there', type: 'directory', owner: 'root', group: 'root', mode: 0o755, ...given };
}

export function absent(path: string): PathOwner {
  return { path, kind: 'absent', type: null, owner: null, group: null, mode: null };
}

const HEALTHY = {
  identity: {
    hostname: 'jaco-1',
    uid: 0,
    user: 'root',
    groups: ['root'],
    root: true,
    systemd: true,
    bootedAtMs: STARTED - 60_000,
  },
  config: {
    path: '/etc/jaco/jacod.yaml',
    from: 'unit',
    present: true,
    settings: parseConfig('data_dir: /var/lib/jaco\nlisten_addr: 10.0.0.1:7000\ncluster_addr: 10.0.0.1:7001\n')
      .settings,
    problem: null,
    changedAtMs: STARTED - 86_400_000,
    mode: 0o644,
    owner: 'root',
    group: 'root',
    daemonUser: 'jaco',
    readableByDaemon: true,
  },
  process: { main: jacod(), from: 'unit', socketDirPrivate: false, others: [] },
  listeners: {
    listeners: [7000, 7001].map((port) => ({
      protocol: 'tcp',
      address: '10.0.0.1',
      port,
      uid: 997,
      pid: 226,
      program: 'jacod',
    })),
    unix: [],
    holdersVisible: true,
  },
  addresses: { addresses: ['10.0.0.1', '127.0.0.1'] },
  path: { path: '/run/jaco/jaco.sock', from: 'unit', activates: true, label: null },
  file: {
    file: owned('/run/jaco/jaco.sock', { type: 'socket', owner: 'jaco', group: 'jaco', mode: 0o660 }),
    parents: [owned('/run/jaco', { owner: 'jaco', group: 'jaco' }), owned('/run')],
    bound: ['/run/jaco/jaco.sock'],
    holders: [
      { pid: 1, program: 'systemd' },
      { pid: 226, program: 'jacod' },
    ],
  },
  status: { initialized: true, leader: '10.0.0.1:7001', raftIndex: '7', nodes: [], suffrages: [], omitted: 0 },
  data: {
    path: '/var/lib/jaco',
    seen: 'there',
    owner: 'jaco',
    group: 'jaco',
    mode: 0o750,
    raftState: 'present',
    certificates: ['jaco-1'],
    caCert: 'readable',
    peers: null,
    daemonUser: 'jaco',
    access: { kind: 'full', unseen: null },
    space: { mount: '/', freeBytes: 80e9, totalBytes: 270e9, freeInodes: 16e6, totalInodes: 17e6 },
    lockHolders: [226],
  },
  version: {
    path: '/usr/local/bin/jacod',
    installed: { kind: 'known', version: 'v0.3.9', source: '/usr/local/bin/jacod --version' },
    running: { kind: 'known', version: 'v0.3.9', source: 'its first line in the journal' },
  },
} as const satisfies Shapes;

type Facts = { -readonly [K in keyof typeof HEALTHY]: K extends keyof Shapes ? Shapes[K] : never };
type Shapes = {
  identity: Identity;
  config: JacodConfig;
  process: JacodProcess;
  listeners: Listeners;
  addresses: Addresses;
  path: SocketPath;
  file: SocketFile;
  status: ClusterStatus;
  data: DataDir;
  version: JacodVersion;
};

/** The differences from a healthy node: parts of facts, or whole outcomes. */
export type Scene = {
  readonly [K in keyof Facts]?: Partial<Facts[K]> | Outcome;
} & {
  readonly service?: Partial<ServiceState>;
  readonly socket?: Partial<SocketState>;
  readonly unit?: Outcome;
  readonly connect?: Outcome;
  readonly entries?: readonly JournalEntry[];
  readonly journal?: Outcome;
  /** The package database; by default JACO was not installed as a package. */
  readonly pack?: PackageVersion;
};

export function refused(root: string, why: FailureWhy, phase: string, detail: string): Outcome {
  return { kind: 'failed', failure: failure(root, why, phase, detail) };
}

export const JOURNAL_DENIED = refused(
  'jaco.journal',
  'denied',
  'journalctl',
  'only root and the groups systemd-journal and adm can read the journal',
);

/** A line of the journal; by default from the daemon, at error level, a minute ago. */
export function line(message: string, given: Partial<JournalEntry> = {}): JournalEntry {
  return {
    atMs: NOW - 3_000,
    priority: 3,
    subsystem: 'jacod',
    message,
    error: null,
    fields: {},
    raw: false,
    pid: 300,
    invocation: INVOCATION,
    ...given,
  };
}

/** The last line of a daemon that exited. */
export function exited(error: string): JournalEntry {
  return line('jacod exited', { error });
}

function outcomeOf(name: keyof Facts, given: Partial<Json> | Outcome | undefined): Outcome {
  if (typeof given === 'object' && given !== null && isOutcome(given)) return given;
  return value({ ...HEALTHY[name], ...(given as object | undefined) } as Json);
}

/** Judges group 1 over a scene, and a row that represents all that need an answer of the daemon. */
export function judgeScene(scene: Scene = {}): { readonly [check: string]: Row } {
  const units: Units = { service: service(scene.service), socket: socketUnit(scene.socket) };
  const given: Given = Object.fromEntries<Outcome>([
    [identity.name, outcomeOf('identity', scene.identity)],
    [unit.name, scene.unit ?? value(units as unknown as Json)],
    [jacodConfig.name, outcomeOf('config', scene.config)],
    [jacodProcess.name, outcomeOf('process', scene.process)],
    [listeners.name, outcomeOf('listeners', scene.listeners)],
    [hostAddresses.name, outcomeOf('addresses', scene.addresses)],
    [controlSocketPath.name, outcomeOf('path', scene.path)],
    [socketFile.name, outcomeOf('file', scene.file)],
    [controlConnect.name, scene.connect ?? value({ path: '/run/jaco/jaco.sock', ms: 1 })],
    [
      clusterStatus.name,
      scene.status && 'kind' in scene.status
        ? (scene.status as Outcome)
        : (failedOf(scene.connect) ?? outcomeOf('status', scene.status)),
    ],
    [dataDir.name, outcomeOf('data', scene.data)],
    [jacodVersion.name, outcomeOf('version', scene.version)],
    [packageVersion.name, value((scene.pack ?? { kind: 'none' }) as Json)],
    [
      journal.name,
      scene.journal ??
        value({ entries: scene.entries ?? [], sinceMs: NOW - 86_400_000, cut: false, dropped: 0 } as unknown as Json),
    ],
  ]);
  const daemon = onlyGroups(jaco, 'daemon');
  const downstream = { check: reading('downstream', { cluster: clusterStatus }) };
  return judgeFacts({ ...daemon, order: [...daemon.order, downstream] }, given, { now: NOW });
}

/** Without an accepted connect, the Status call was never made. */
function failedOf(connect: Outcome | undefined): Outcome | null {
  return connect?.kind === 'failed' ? connect : null;
}
