import { jaco } from '../../../../checks/jaco.ts';
import { type Failure, type FailureWhy, notApplicable, type Outcome } from '../../../../src/engine/outcome.ts';
import type { Network } from '../../../../src/probes/docker/networks.ts';
import { readIptablesSave } from '../../../../src/probes/host/filter/iptables-save.ts';
import type { Forwarding } from '../../../../src/probes/host/forwarding.ts';
import type { Iptables } from '../../../../src/probes/host/iptables.ts';
import type { KernelRoute } from '../../../../src/probes/host/kernel-routes.ts';
import type { Listener } from '../../../../src/probes/host/listeners.ts';
import { parseRoutes } from '../../../../src/probes/host/routes.ts';
import type { Member } from '../../../../src/probes/jaco/control/status-fact.ts';
import type { DaemonCapabilities } from '../../../../src/probes/jaco/daemon/daemon-capabilities.ts';
import { parseConfig } from '../../../../src/probes/jaco/daemon/jacod-config/parse-config.ts';
import type { NftTable } from '../../../../src/probes/jaco/isolation/nft-table.ts';
import type { JournalEntry } from '../../../../src/probes/jaco/journal/journal.ts';
import type { CrossNode } from '../../../../src/probes/jaco/network/cross-node.ts';
import type { DnsAnswers } from '../../../../src/probes/jaco/network/dns-answers.ts';
import type { HostResolvers } from '../../../../src/probes/jaco/network/host-resolvers.ts';
import { EXTERNAL_ADDRESS, type KernelRoutes } from '../../../../src/probes/jaco/network/kernel-routes.ts';
import type { MeshInterface } from '../../../../src/probes/jaco/network/mesh-interface.ts';
import type { UpstreamAnswers } from '../../../../src/probes/jaco/network/upstream-answers.ts';
import type { Deployment } from '../../../../src/probes/jaco/runtime/deployments.ts';
import type { Replica } from '../../../../src/probes/jaco/runtime/replica-fact.ts';
import type { DaemonTraffic } from '../../../../src/probes/jaco/traffic/daemon-traffic.ts';
import type { Flow, FlowKind } from '../../../../src/probes/jaco/traffic/flow.ts';
import type { TrackedTraffic } from '../../../../src/probes/jaco/traffic/tracked-traffic.ts';
import type { Traffic } from '../../../../src/probes/jaco/traffic/traffic.ts';
import { capturedTable, capturedTables, hostCapture, savedOf } from '../../../probes/host/captured-tables.ts';
import { brief, failure, type Given, judgeFacts, onlyGroups, outcomeOf } from '../../scene.ts';

export const NOW = Date.parse('2026-11-21T12:00:00Z');
export const STARTED = NOW - 3_600_000;
const HOUR = 3_600_000;

export function member(hostname: string, given: Partial<Member> = {}): Member {
  const last = hostname.replace(/\D/g, '') || '1';
  return {
    hostname,
    address: `10.82.0.${last}:7001`,
    grpcAddress: `10.82.0.${last}:7000`,
    status: 'ready',
    statusReason: null,
    wireguardPubkey: '',
    joinedAtMs: STARTED - HOUR,
    lastPressureAtMs: NOW - 1_000,
    ...given,
  };
}

export function deployment(name: string, services: Readonly<Record<string, readonly string[]>>): Deployment {
  return {
    name,
    status: 'active',
    reason: null,
    appliedRevision: '1',
    previousRevision: '0',
    services: Object.entries(services).map(([service, networks]) => ({
      name: service,
      replicas: 1,
      placement: 'spread',
      hosts: [],
      networks,
    })),
    updatedAtMs: STARTED,
  };
}

export function replica(id: string, ips: Readonly<Record<string, string>>, given: Partial<Replica> = {}): Replica {
  const [deployment = '', service = ''] = id.split('-');
  return {
    id,
    deployment,
    service,
    host: 'jaco-1',
    image: 'bb:1',
    revision: '9',
    state: 'running',
    code: '',
    message: null,
    reason: null,
    exitCode: null,
    network: null,
    containerId: 'abc',
    ips,
    startedAtMs: STARTED,
    lastHealthAtMs: NOW - 2_000,
    dependsOn: [],
    ...given,
  };
}

/** A network that JACO created in Docker. */
export function network(deployment: string, name: string, octet: number, given: Partial<Network> = {}): Network {
  const subnet = `10.244.${octet}.0/24`;
  return {
    id: `${octet}`.padStart(12, 'a'),
    name: `jaco_${deployment}_${name}`,
    subnets: [subnet],
    bridge: BRIDGES[`${deployment}/${name}`] ?? `jaco-0000-000${octet}`,
    createdAtMs: STARTED,
    jaco: { clusterId: 'c', deployment, network: name, subnet },
    ...given,
  };
}

/** As in the captured rulesets. */
const BRIDGES: { readonly [network: string]: string } = {
  'shop/back': 'jaco-5042-61bb',
  'shop/front': 'jaco-5042-1b78',
  'blog/front': 'jaco-1692-1b78',
};

/** A line of the daemon's own log. */
export function line(subsystem: string, message: string, given: Partial<JournalEntry> = {}): JournalEntry {
  return {
    atMs: NOW - 10_000,
    priority: 6,
    subsystem,
    message,
    error: null,
    fields: {},
    raw: false,
    pid: 226,
    invocation: null,
    ...given,
  };
}

export function fail(why: FailureWhy, detail: string, root: string): Failure {
  return failure(root, why, 'there', detail);
}

/** The differences from a healthy single node with shop (front, back) and blog (front), as captured. */
export type Scene = {
  readonly members?: readonly Member[];
  readonly leader?: string;
  readonly initialized?: boolean;
  /** The daemon does not run. */
  /** The processes of other users are not visible. */
  readonly processUnseen?: true;
  readonly stopped?: boolean;
  readonly started?: number;
  readonly uid?: number;
  readonly privateTmp?: boolean;
  readonly table?: NftTable | Failure;
  readonly tables?: readonly ReturnType<typeof capturedTables>[number][] | Failure;
  /** Tables of bridges and devices that drop something. */
  readonly beside?: readonly string[];
  /** The state of docker.service in systemd. */
  readonly dockerLoad?: 'loaded' | 'not-found';
  readonly iptables?: Partial<Iptables> | Failure;
  /** Text of iptables-save. */
  readonly saved?: string;
  readonly reach?: Partial<DaemonCapabilities> | Failure;
  /** Lines since the start; null if the journal may not be read. */
  readonly log?: readonly JournalEntry[] | null;
  readonly networks?: readonly Network[] | Failure;
  readonly deployments?: readonly Deployment[];
  readonly replicas?: readonly Replica[];
  readonly deleted?: readonly { readonly deployment: string; readonly atMs: number }[];
  readonly forwarding?: Partial<Forwarding>;
  readonly routes?: string;
  readonly config?: string;
  readonly errors?: { readonly last: string | null; readonly indexes: readonly string[] };
  readonly resolvers?: Partial<HostResolvers> | Failure;
  readonly upstreams?: UpstreamAnswers;
  readonly sockets?: readonly Listener[];
  readonly addresses?: readonly string[];
  readonly names?: DnsAnswers;
  readonly mesh?: Partial<MeshInterface>;
  readonly crossings?: CrossNode;
  /**
   * Replicas of other nodes that did not answer and are still reported as running. Left out if nothing was read again.
   */
  readonly unchanged?: readonly string[];
  /** The kernel's interfaces and routes, in addition to those of a healthy host. */
  readonly kernel?: Partial<KernelRoutes> | Failure;
  /** The measured flows. Left out if nothing could be sent and only rules are evaluated. */
  readonly flows?: readonly Flow[];
  readonly notEntered?: Traffic['notEntered'];
  readonly tracked?: TrackedTraffic['networks'];
  readonly daemonTraffic?: DaemonTraffic;
  /** Other members that answer, and those to which no connection can be made. */
  readonly alive?: readonly string[];
  readonly gone?: readonly string[];
};

const DEPLOYMENTS = [deployment('shop', { web: ['front'], db: ['back'] }), deployment('blog', { web: ['front'] })];
const NETWORKS = [network('shop', 'back', 0), network('shop', 'front', 1), network('blog', 'front', 2)];
export const REPLICAS = [
  replica('shop-db-0', { jaco_shop_back: '10.244.0.2' }),
  replica('shop-web-0', { jaco_shop_front: '10.244.1.2' }),
  replica('blog-web-0', { jaco_blog_front: '10.244.2.2' }),
];
const CONFIG = 'dns:\n  forwarders: ["127.0.0.1:5353"]\n';

export const SAVED = savedOf(hostCapture('iptables-healthy-scopes.txt'));

/** The iptables-save output of a listing that shows single chains, with the omitted chains around them. */
export function savedFrom(name: string): string {
  const lines = hostCapture(`nft-faults/${name}.iptables.txt`).split('\n');
  const of = (pattern: RegExp): string => lines.filter((line) => pattern.test(line)).join('\n');
  return [
    '*nat',
    ':POSTROUTING ACCEPT [0:0]',
    of(/^-A POSTROUTING/),
    '*raw',
    ':PREROUTING ACCEPT [0:0]',
    of(/^-A PREROUTING/),
    '*filter',
    ':FORWARD DROP [0:0]',
    ':DOCKER-USER - [0:0]',
    ':DOCKER-ISOLATION-STAGE-1 - [0:0]',
    of(/^-A (FORWARD|DOCKER-USER)/),
  ].join('\n');
}

const ROUTES = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	FE005252	0003	0	0	0	00000000	0	0	0
eth0	00005252	00000000	0001	0	0	0	00FFFFFF	0	0	0
jaco0	0000630A	00000000	0001	0	0	0	00FFFFFF	0	0	0
`;

const HEALTHY_LINKS = [
  { name: 'eth0', up: true, carrier: true, addresses: ['10.82.0.1'] },
  { name: 'jaco-5042-61bb', up: true, carrier: true, addresses: ['10.244.0.1'] },
  { name: 'jaco-5042-1b78', up: true, carrier: true, addresses: ['10.244.1.1'] },
  { name: 'jaco-1692-1b78', up: true, carrier: true, addresses: ['10.244.2.1'] },
];
const toOutside = (forwarded: KernelRoute['forwarded']): KernelRoute => ({
  kind: 'route',
  to: EXTERNAL_ADDRESS,
  forwarded,
  type: 'unicast',
  dev: 'eth0',
  gateway: '10.82.0.254',
  table: null,
});

/** The route to a container over its bridge, and its outgoing route over eth0. */
export function containerRoutes(ip: string, bridge: string): readonly KernelRoute[] {
  const inward = { kind: 'route', to: ip, forwarded: null, type: 'unicast', dev: bridge, gateway: null, table: null };
  return [inward as KernelRoute, toOutside({ from: ip, iif: bridge })];
}

export const HEALTHY_ROUTES: KernelRoutes = {
  links: HEALTHY_LINKS,
  routes: [
    toOutside(null),
    ...containerRoutes('10.244.0.2', 'jaco-5042-61bb'),
    ...containerRoutes('10.244.1.2', 'jaco-5042-1b78'),
    ...containerRoutes('10.244.2.2', 'jaco-1692-1b78'),
  ],
  filtersBridged: false,
  nextHop: '10.82.0.254',
};

/**
 * A measured flow of a network's container: to the resolver, to the next router, or from this host to the container.
 */
export function flow(kind: FlowKind, network: string, outcome: Flow['outcome'], given: Partial<Flow> = {}): Flow {
  const octet = { jaco_shop_back: 0, jaco_shop_front: 1, jaco_blog_front: 2 }[network] ?? 9;
  const ip = `10.244.${octet}.2`;
  const question = kind === 'resolver-udp' || kind === 'resolver-tcp' ? 'web' : null;
  const host = question !== null ? `10.244.${octet}.1` : kind === 'container' ? ip : '10.82.0.254';
  return {
    kind,
    network,
    start: kind === 'container' ? { kind: 'host' } : { kind: 'container', network, replica: `r${octet}`, ip },
    target: {
      host,
      port: question === null ? 1 : 53,
      protocol: kind === 'resolver-udp' ? 'udp' : 'tcp',
      name: kind === 'next-hop' ? `the next router ${host}` : 'target',
      question,
    },
    sinceMs: STARTED,
    outcome,
    ...given,
  };
}

/** A measured flow from shop's front network here to a replica of it on another node. */
export function remoteFlow(outcome: Flow['outcome'], ip = '10.244.9.2', given: Partial<Flow> = {}): Flow {
  const target = { host: ip, port: 1, protocol: 'tcp', name: 'shop-api-0 on jaco-2', question: null } as const;
  return flow('remote', 'jaco_shop_front', outcome, { target, ...given });
}

/** The kernel's route from shop's front container to an address of another node. */
export function remoteRoute(given: Partial<Extract<KernelRoute, { kind: 'route' }>> = {}): KernelRoute {
  const forwarded = { from: '10.244.1.2', iif: 'jaco-5042-1b78' };
  return {
    kind: 'route',
    to: '10.244.9.2',
    forwarded,
    type: 'unicast',
    dev: 'jaco0',
    gateway: null,
    table: null,
    ...given,
  };
}

export const SILENT: Flow['outcome'] = { kind: 'lost', reply: { kind: 'silent', ms: 1_700 }, openPorts: [] };
export const RESET: Flow['outcome'] = { kind: 'passed', reply: { kind: 'answer', how: 'reset', ms: 1 } };
export const RESOLVED: Flow['outcome'] = {
  kind: 'passed',
  reply: { kind: 'answer', how: 'dns', rcode: 'NOERROR', addresses: ['10.244.1.2'], ms: 1 },
};

const listens = (address: string, given: Partial<Listener> = {}): readonly Listener[] =>
  (['tcp', 'udp'] as const).map((protocol) => ({
    protocol,
    address,
    port: 53,
    uid: 997,
    pid: 226,
    program: 'jacod',
    ...given,
  }));

/** Port 53 at the three gateways, held by the daemon. */
export const SOCKETS = ['10.244.0.1', '10.244.1.1', '10.244.2.1'].flatMap((address) => listens(address));
export { listens };

const said = (name: string, addresses: readonly string[] = ['192.0.2.1']) => ({
  name,
  answer: { kind: 'answer', rcode: 'NOERROR', addresses, truncated: false, authoritative: false, ms: 3 } as const,
});

const UPSTREAMS: UpstreamAnswers = {
  answers: [{ text: '127.0.0.1:5353', answer: { kind: 'asked', outside: [said('example.com')], own: [], tcp: null } }],
  omitted: 0,
};

/** The resolver's answers on a healthy host. */
export function resolvedNames(replicas: readonly Replica[] = REPLICAS): DnsAnswers {
  return {
    answers: replicas.flatMap(({ service, ips }) =>
      Object.entries(ips).map(([network, ip]) => ({
        network,
        service,
        a: said(service, [ip]).answer,
        aaaa: said(service, []).answer,
      })),
    ),
    notAsked: [],
  };
}

const isFailure = (given: unknown): given is Failure => typeof given === 'object' && given !== null && 'why' in given;

function factsOf(scene: Scene): Given {
  const members = scene.members ?? [member('jaco-1')];
  const leader = scene.leader ?? '10.82.0.1:7001';
  const status = {
    initialized: scene.initialized ?? true,
    leader,
    raftIndex: '1000',
    nodes: members,
    suffrages: members.map(({ hostname }) => ({ hostname, kind: 'voter' })),
    omitted: 0,
  };
  const startedAtMs = scene.started ?? STARTED;
  const main = scene.stopped
    ? null
    : { pid: 226, startedAtMs, state: 'S', uid: scene.uid ?? 997, user: 'jaco', exe: null, configPath: null };
  const down = fail('withheld', 'the daemon does not run', 'jaco.unit');
  const stored = (given: unknown): Outcome =>
    outcomeOf(
      scene.stopped ? down : leader === '' ? fail('withheld', 'this node knows no leader', 'jaco.known-leader') : given,
    );
  const saved = readIptablesSave(scene.saved ?? SAVED, 'iptables');
  return {
    'host.identity': outcomeOf({
      hostname: 'jaco-1',
      uid: 0,
      user: 'root',
      groups: ['root'],
      root: true,
      systemd: true,
      bootedAtMs: 0,
    }),
    'jaco.process': outcomeOf(
      scene.processUnseen
        ? fail('denied', 'the processes of others are not visible', 'jaco.process')
        : { main, from: 'unit', socketDirPrivate: false, others: [] },
    ),
    'jaco.unit': outcomeOf({ service: { privateTmp: scene.privateTmp ?? true }, socket: {} }),
    'jaco.data-dir': outcomeOf({
      path: '/var/lib/jaco',
      seen: 'there',
      raftState: 'present',
      access: { kind: 'works' },
      certificates: ['jaco-1'],
      peers: null,
      caCert: 'absent',
    }),
    'jaco.config': outcomeOf({
      path: '/etc/jaco/jacod.yaml',
      from: 'unit',
      present: true,
      ...parseConfig(scene.config ?? CONFIG),
      changedAtMs: STARTED - HOUR,
      mode: 0o644,
      owner: 'root',
      group: 'root',
      daemonUser: 'jaco',
      readableByDaemon: true,
    }),
    'jaco.cluster-status': outcomeOf(scene.stopped ? down : status),
    'jaco.leader-settles': outcomeOf(scene.stopped ? down : { samples: [], last: status, lost: null }),
    'jaco.journal':
      scene.log === null
        ? outcomeOf(fail('denied', 'the journal may be read by root', 'jaco.journal'))
        : outcomeOf({
            entries: [line('jacod', 'starting', { atMs: startedAtMs }), ...(scene.log ?? [])],
            sinceMs: 0,
            cut: false,
            dropped: 0,
          }),
    'jaco.daemon-reach': outcomeOf(
      isFailure(scene.reach)
        ? scene.reach
        : {
            network: 'same',
            netAdmin: true,
            programs: { nft: '/usr/sbin/nft', iptables: '/usr/sbin/iptables', ip: '/usr/sbin/ip' },
            path: { folders: ['/usr/sbin', '/usr/bin'], assumed: false },
            ...scene.reach,
          },
    ),
    'jaco.nft-table': outcomeOf(
      scene.table ?? { kind: 'table', table: capturedTable('nft-healthy-scopes.json'), version: '1.0.6' },
    ),
    'host.nft-ruleset': outcomeOf(
      isFailure(scene.tables)
        ? scene.tables
        : {
            tables: scene.tables ?? capturedTables('nft-ruleset-healthy-scopes.json'),
            version: '1.0.6',
            beside: scene.beside ?? [],
          },
    ),
    'host.iptables': outcomeOf(
      isFailure(scene.iptables)
        ? scene.iptables
        : {
            variant: 'nft',
            version: '1.8.9',
            tables: saved,
            legacyBeside: [],
            lock: { uid: 0, mode: 0o600 },
            ...scene.iptables,
          },
    ),
    'host.forwarding': outcomeOf({ all: true, off: [], strict: [], ...scene.forwarding }),
    'host.routes': outcomeOf({ routes: parseRoutes(scene.routes ?? ROUTES) }),
    'host.resolv-conf': outcomeOf(
      isFailure(scene.resolvers)
        ? scene.resolvers
        : {
            path: '/etc/resolv.conf',
            servers: ['192.0.2.53:53'],
            dropped: [],
            changedAtMs: STARTED - HOUR,
            ...scene.resolvers,
          },
    ),
    'host.listeners': outcomeOf({ listeners: scene.sockets ?? SOCKETS, unix: [], holdersVisible: true }),
    'host.addresses': outcomeOf({
      addresses: scene.addresses ?? ['10.82.0.1', '10.244.0.1', '10.244.1.1', '10.244.2.1'],
    }),
    'docker.unit': outcomeOf({
      service: {
        load: scene.dockerLoad ?? 'loaded',
        active: 'active',
        sub: 'running',
        result: 'success',
        mainPid: 7,
        startedAtMs: STARTED,
      },
      socket: { load: 'loaded', active: 'active' },
    }),
    'docker.containers': outcomeOf({
      list: (scene.replicas ?? REPLICAS).map(({ id, deployment, service, ips }) => ({
        id: id.padEnd(12, '0'),
        name: id,
        replica: id,
        deployment,
        service,
        clusterId: 'c',
        revision: '9',
        state: 'running',
        settled: true,
        createdAtMs: STARTED,
        networks: Object.entries(ips).map(([name, ip]) => ({ name, ip })),
        look: null,
        again: null,
      })),
      omitted: 0,
    }),
    'jaco.kernel-routes': outcomeOf(isFailure(scene.kernel) ? scene.kernel : { ...HEALTHY_ROUTES, ...scene.kernel }),
    'jaco.traffic':
      scene.flows === undefined
        ? notApplicable('nothing could be sent')
        : outcomeOf({ flows: scene.flows, notEntered: scene.notEntered ?? [] }),
    'jaco.remote-replicas':
      scene.unchanged === undefined ? notApplicable('not read again') : outcomeOf({ unchanged: scene.unchanged }),
    'jaco.tracked-traffic': outcomeOf({ networks: scene.tracked ?? [] }),
    'jaco.daemon-traffic':
      scene.daemonTraffic === undefined
        ? notApplicable('no rule of this host tells users apart')
        : outcomeOf(scene.daemonTraffic),
    'docker.networks': isFailure(scene.networks)
      ? outcomeOf(scene.networks)
      : outcomeOf({ list: scene.networks ?? NETWORKS, omitted: 0 }),
    'jaco.deployments': stored({ list: scene.deployments ?? DEPLOYMENTS, omitted: 0 }),
    'jaco.replicas': stored({ rows: scene.replicas ?? REPLICAS, omitted: 0 }),
    'jaco.deployment-events': stored({
      events: (scene.deleted ?? []).map((one) => ({ kind: 'delete', identity: 'op', ...one })),
      sinceMs: 0,
      cut: false,
    }),
    'jaco.exemption-errors':
      scene.errors === undefined ? notApplicable('no exemption is missing') : stored(scene.errors),
    'jaco.upstream-answers': outcomeOf(scene.upstreams ?? UPSTREAMS),
    'jaco.dns-answers': stored(scene.names ?? resolvedNames(scene.replicas)),
    'jaco.mesh-interface': outcomeOf({
      interface: { kind: 'wireguard', up: true },
      peers: [],
      peersUnseen: null,
      inKernel: true,
      ...scene.mesh,
    }),
    'jaco.cross-node': stored(scene.crossings ?? { crossings: [] }),
    'jaco.peer-status': outcomeOf({
      peers: [...(scene.alive ?? []), ...(scene.gone ?? [])].map((hostname) => ({
        hostname,
        grpcAddress: member(hostname).grpcAddress,
        guessed: false,
        raftAddress: member(hostname).address,
        voter: true,
        rival: false,
        connect: { kind: 'connected', ms: 1 },
        tlsFault: null,
        answer: scene.gone?.includes(hostname)
          ? { kind: 'failure', why: 'timeout', phase: 'connect', detail: 'no answer', grpc: null }
          : { kind: 'status', view: { initialized: true, leader } },
      })),
      omitted: 0,
      localAgain: null,
    }),
  };
}

/** The nine checks of isolation and DNS over a scene; derived facts are computed as in a run. */
export function judgeIsolation(scene: Scene = {}, now = NOW) {
  return judgeFacts(onlyGroups(jaco, 'isolation', 'dns'), factsOf(scene), { now });
}

/** Every row that neither passes nor is not applicable, in short. */
export function troubles(scene: Scene, now = NOW): Record<string, string> {
  const rows = Object.entries(judgeIsolation(scene, now)).map(([name, row]) => [name, brief(row)] as const);
  return Object.fromEntries(rows.filter(([, said]) => said !== 'pass' && said !== 'not-applicable'));
}
