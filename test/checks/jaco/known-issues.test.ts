import { expect, test } from 'vitest';
import knownIssues from '../../../checks/jaco/known-issues.ts';
import { releaseData } from '../../../src/catalog/generated/releases.ts';
import type { ServedCertificates } from '../../../src/probes/jaco/ingress/served-certificates.ts';
import type { UpstreamAnswers } from '../../../src/probes/jaco/network/upstream-answers.ts';
import type { Peer } from '../../../src/probes/jaco/raft/peer-status.ts';
import { capturedTable } from '../../probes/host/captured-tables.ts';
import { brief, failure, idsAndTextsArePinned, unquoted } from '../scene.ts';
import { judgeReleases, type ReleasesScene } from './scenes/releases-scene.ts';
import { containerWith, deployment, NOW, replica } from './scenes/runtime-scene.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const briefOf = (scene: ReleasesScene) => brief(judgeReleases(scene));

const deadServer = { kind: 'failure', why: 'silent', code: null, ms: 2_000, strays: 0 } as const;
const answer = { kind: 'answer', rcode: 'NOERROR', addresses: ['192.0.2.1'], truncated: false, ms: 5 } as const;
/** The first name server is silent, the second answers. */
const SILENT_FIRST = ['10.0.0.53:53', '10.0.0.54:53'].map((text, index) => ({
  text,
  answer: {
    kind: 'asked',
    outside: [{ name: 'example.com', answer: index === 0 ? deadServer : answer }],
    own: [],
    tcp: null,
  },
})) as unknown as UpstreamAnswers['answers'];

/** A peer that answers, and is the leader if it lists voters. */
const peer = (hostname: string, address: string, voters: readonly string[]): Peer =>
  ({
    ...{ hostname, raftAddress: address, grpcAddress: '', guessed: false, by: 'member', rival: false, tlsFault: null },
    connect: { kind: 'connected' },
    answer: {
      kind: 'status',
      verified: true,
      view: {
        ...{ initialized: true, leader: '10.0.0.2:7001', raftIndex: '100', members: 3, self: null, nameHere: null },
        suffrages: voters.map((one) => ({ hostname: one, kind: 'voter' })),
        mismatches: [],
      },
    },
  }) as unknown as Peer;

const refused = (image: string, reason: string) =>
  replica({
    ...{ id: 'shop-api-0', service: 'api', image, state: 'pending', code: 'image_pull_failed', containerId: '' },
    reason: `${image}: Error response from daemon: ${reason}`,
  });

const volume = (name: string, declared: { external?: boolean; name?: string | null } = {}): ReleasesScene => ({
  containers: ['shop', 'blog'].map((of) =>
    containerWith({}, { name: `jaco_${of}-db-0`, deployment: of, service: 'db', volumes: [name] }),
  ),
  manifests: ['shop', 'blog'].map((of) => ({
    ...{ deployment: of, services: [], problem: null },
    volumes: [{ key: name, external: false, name: null, ...declared }],
  })),
});

const noise = (message: string, error: string | null) => ({
  entries: [
    {
      ...{ atMs: NOW - MINUTE, priority: 3, subsystem: 'firewall', message, error, fields: {}, raw: false, pid: 226 },
      invocation: null,
    },
  ],
});

const DOMAIN = 'shop.test';
const line = (ago: number, subsystem: string, message: string, fields: { [name: string]: string } = {}) => ({
  ...{ atMs: NOW - ago, priority: 6, subsystem, message, error: null, fields, raw: false, pid: 226, invocation: null },
});
const started = line(HOUR, 'jacod', 'starting');
const promoted = (ago: number) => line(ago, 'stagefirst', 'staging self-check passed; promoting to prod', { DOMAIN });
const cleared = line(20 * MINUTE, 'stagefirst', 'cleared staging cert blobs on promotion');
const locked = {
  ...line(10 * MINUTE, '', ''),
  ...{ subsystem: null, raw: true },
  message: JSON.stringify({
    ...{ level: 'error', logger: 'tls', msg: 'job failed' },
    error: `${DOMAIN}: obtaining certificate: unable to acquire lock 'issue_cert_${DOMAIN}': lock_held: cert lock owned by another lessee`,
  }),
};

/** What a node serves for the domain: a certificate of this issuer, or TLS alert 80. */
const serves = (hostname: string, by: 'own' | 'member', issuer: string | null) =>
  ({
    node: { hostname, host: '10.0.0.1', by },
    address: '10.0.0.1:443',
    omitted: 0,
    answers: [
      {
        domain: DOMAIN,
        answer:
          issuer === null
            ? { kind: 'alert', code: 80, ms: 5 }
            : {
                ...{ kind: 'chain', ms: 5 },
                chain: { kind: 'read', leaf: { issuer, issuerOrganization: issuer }, state: 'public' },
              },
      },
    ],
  }) as never as ServedCertificates['nodes'][number];
const STAGING_LEAF = [serves('jaco-1', 'own', "(STAGING) Let's Encrypt")];
const staging = (notAfterMs: number | null) => [{ domain: DOMAIN, environment: 'staging', notAfterMs }] as const;
const FOLLOWER = { members: ['jaco-1', 'jaco-2'], leader: '10.0.0.2:7001' };
const catchAll = (path: string, service: string) => ({
  ...{ domain: DOMAIN, path, deployment: 'shop', service, port: 80, tls: 'auto' as const },
});

/** One situation for each issue: the number, a release that has it, one that fixes it, and the quoted words. */
const SITUATIONS: readonly (readonly [issue: number, has: string, fixed: string, ReleasesScene, string[]])[] = [
  [181, 'v0.3.8', 'v0.3.9', { containers: [containerWith({ dns: [] })], startedAtMs: NOW - 2 * HOUR }, ['shop/web']],
  [
    187,
    'v0.3.8',
    'v0.3.9',
    {
      deployments: [
        deployment({
          status: 'pending',
          services: [{ name: 'web', replicas: 1, placement: 'hosts', hosts: ['jaco-9'], networks: [] }],
        }),
      ],
    },
    ['jaco-9', 'jaco-1', 'web'],
  ],
  [191, 'v0.3.8', 'v0.3.9', { containers: [containerWith({}, { service: 'old' })] }, ['jaco_shop-web-0']],
  [
    188,
    'v0.3.8',
    'v0.3.9',
    {
      ...FOLLOWER,
      entries: [started, locked],
      served: [serves('jaco-1', 'own', null), serves('jaco-2', 'member', "Let's Encrypt")],
    },
    ['jaco-2', DOMAIN],
  ],
  [182, 'v0.3.8', 'v0.3.9', { ...FOLLOWER, entries: [started, promoted(MINUTE)] }, [DOMAIN]],
  [
    174,
    'v0.3.7',
    'v0.3.8',
    {
      startedAtMs: NOW - 2 * HOUR,
      deployments: [deployment({ updatedAtMs: NOW - HOUR })],
      routes: [catchAll('', 'web'), catchAll('/', 'api')],
    },
    [DOMAIN, 'shop/web', 'shop/api'],
  ],
  [
    163,
    'v0.3.4',
    'v0.3.5',
    { entries: [started, promoted(20 * MINUTE), cleared], served: STAGING_LEAF, certificates: staging(null) },
    [DOMAIN, "(STAGING) Let's Encrypt"],
  ],
  [
    158,
    'v0.3.3',
    'v0.3.4',
    { entries: [started, promoted(20 * MINUTE)], served: STAGING_LEAF, certificates: staging(NOW + HOUR) },
    [DOMAIN, "(STAGING) Let's Encrypt"],
  ],
  [
    147,
    'v0.3.3',
    'v0.3.4',
    { served: [serves('jaco-1', 'own', "Let's Encrypt")], certificates: staging(NOW + HOUR) },
    [DOMAIN],
  ],
  [
    154,
    'v0.3.2',
    'v0.3.3',
    { entries: [started, promoted(30_000), promoted(20_000), promoted(10_000)], certificates: staging(NOW + HOUR) },
    [DOMAIN, '3'],
  ],
  [
    172,
    'v0.3.7',
    'v0.3.8',
    {
      rows: [refused('registry.test/ns2/api:1', 'Head "https://registry.test/v2/": no basic auth credentials')],
      registries: ['registry.test/ns1'],
    },
    ['registry.test/ns2/api:1', 'registry.test/ns1'],
  ],
  [151, 'v0.3.7', 'v0.3.8', { unit: { enabled: 'disabled' } }, ['/var/lib/jaco/raft/log.db']],
  [
    171,
    'v0.3.6',
    'v0.3.7',
    {
      rows: [refused('registry.test/ns2/api:1', 'unauthorized')],
      containers: [containerWith({}, { image: 'registry.test/ns1/web:1' })],
      registries: ['registry.test'],
    },
    ['registry.test/ns1/web:1', 'registry.test/ns2/api:1'],
  ],
  [167, 'v0.3.6', 'v0.3.7', { socketDirPrivate: true }, []],
  [165, 'v0.3.5', 'v0.3.6', { upstreams: SILENT_FIRST }, ['10.0.0.53:53', '10.0.0.54:53']],
  [146, 'v0.3.3', 'v0.3.4', noise('cert audit emit failed', 'not the leader'), ['cert audit emit failed']],
  [
    152,
    'v0.3.1',
    'v0.3.2',
    { rows: [replica({ state: 'pending' })], containers: [containerWith({ health: null })] },
    ['jaco_shop-web-0'],
  ],
  [
    148,
    'v0.3.0',
    'v0.3.1',
    {
      environment: [{ container: 'jaco_shop-web-0', deployment: 'shop', service: 'web', keys: ['LOG_LEVEL'] }],
    },
    ['jaco_shop-web-0', 'LOG_LEVEL'],
  ],
  [142, 'v0.2.0', 'v0.2.1', { ...volume('data'), startedAtMs: NOW - 2 * HOUR }, ['data', 'shop', 'blog']],
  [143, 'v0.2.0', 'v0.2.1', { members: ['jaco-1', 'jaco-2', 'jaco-3'], voters: [] }, ['10.0.0.1:7001']],
  [
    113,
    'v0.1.2',
    'v0.2.0',
    noise('firewall.Reconciler.Tick failed', 'raft: node is not the leader'),
    ['firewall.Reconciler.Tick failed'],
  ],
  [
    89,
    'v0.1.1',
    'v0.1.2',
    { table: { kind: 'table', table: capturedTable('nft-faults/stacked-rules.json'), version: null } },
    ['forward', 'jaco_pool'],
  ],
];

test('every issue with a signature has a situation here', () => {
  const recognised = releaseData.issues.filter(({ kind }) => kind === 'recognised').map(({ issue }) => issue);
  expect(SITUATIONS.map(([issue]) => issue).toSorted()).toEqual(recognised.toSorted());
});

test.each(SITUATIONS)('#%i is recognised on %s', (issue, has, _, scene, quoted) => {
  const row = judgeReleases({ ...scene, running: has });
  const own = row?.findings.find(({ subject }) => subject === `#${issue}`);
  const { severity, fixed } = releaseData.issues.find((one) => one.issue === issue) as never as {
    severity: 'fail' | 'warn';
    fixed: string;
  };
  expect(own).toMatchObject({ id: 'known_issue', cause: 'upgrade', values: { fixed_in: fixed } });
  expect(own?.severity ?? 'fail').toBe(severity);
  expect(row?.status).toBe(severity);
  expect(unquoted(row, has, fixed, ...quoted)).toEqual([]);
});

test.each(SITUATIONS)(
  'the situation of #%i is not called an issue on a release that fixes it',
  (issue, _, fixed, scene) => {
    const row = judgeReleases({ ...scene, running: fixed });
    expect(row?.findings.map(({ subject }) => subject)).not.toContain(`#${issue}`);
  },
);

test.each(SITUATIONS)('on v0.3.9 the situation of #%i gives no known issue at all', (_, __, ___, scene) => {
  const row = judgeReleases({ ...scene, running: 'v0.3.9' });
  expect(row?.findings).toEqual([]);
  expect(row?.status).toBe('pass');
});

test.each([
  ['v0.3.8', 1],
  ['v0.3.5', 1],
  ['v0.3.2', 1],
  ['v0.2.0', 1],
  ['v0.1.1', 1],
  ['v0.3.9', 0],
])('a healthy node of %s passes with %i notes', (running, notes) => {
  const row = judgeReleases({ running, voters: ['jaco-1'] });
  expect(brief(row)).toBe('pass');
  expect(row?.notes).toHaveLength(notes);
  if (notes > 0) expect(unquoted(row, running)).toEqual([]);
});

test('a container that was created before the upgrade keeps its fault, and only the workaround is advised', () => {
  const row = judgeReleases({
    containers: [containerWith({ dns: [] }, { createdAtMs: NOW - 2 * HOUR })],
    startedAtMs: NOW - HOUR,
  });
  expect(brief(row)).toBe('fail known_issue:left-behind #181');
});

test('a container that the daemon of the fixed release made has another fault', () => {
  const row = judgeReleases({ containers: [containerWith({ dns: [] })], startedAtMs: NOW - 2 * HOUR });
  expect(brief(row)).toBe('pass');
  expect(row?.notes).toHaveLength(1);
  expect(unquoted(row, '#181', 'v0.3.9')).toEqual([]);
});

test.each(['dev', 'v0.3.8-7-g84caadb', 'v0.3.9-rc1', '84caadb', ''])(
  'the signs of an issue on a build %j, which may include the fix, are noted and not judged',
  (running) => {
    const row = judgeReleases({ running, containers: [containerWith({ dns: [] })] });
    expect(brief(row)).toBe('unknown');
    expect(row?.notJudged.map(({ subject }) => subject)).toEqual(['#181']);
    expect(unquoted(row, 'v0.3.9', 'shop/web')).toEqual([]);
  },
);

test('if the fix is installed and the daemon was not restarted, a restart is advised and not an upgrade', () => {
  const scene = { running: 'v0.3.8', installed: 'v0.3.9', exeDeleted: true, containers: [containerWith({ dns: [] })] };
  expect(briefOf(scene)).toContain('known_issue:restart #181');
});

test('a build with local changes counts as its release', () => {
  expect(briefOf({ running: 'v0.3.8-dirty', containers: [containerWith({ dns: [] })] })).toContain('#181');
});

test('without the first line of the journal the file counts, if the process runs from it', () => {
  const scene = { running: null, installed: 'v0.3.8', containers: [containerWith({ dns: [] })] };
  expect(briefOf(scene)).toContain('known_issue:upgrade #181');
});

test('a daemon whose file was replaced may be an older release than the file', () => {
  const row = judgeReleases({
    ...{ running: null, installed: 'v0.3.9', exeDeleted: true },
    containers: [containerWith({ dns: [] })],
  });
  expect(brief(row)).toBe('unknown');
  expect(unquoted(row, '/usr/local/bin/jacod')).toEqual([]);
});

test('a release newer than the newest known one is not judged, and not called fixed', () => {
  const row = judgeReleases({ running: 'v0.4.0' });
  expect(brief(row)).toBe('pass');
  expect(unquoted(row, 'v0.4.0', 'v0.3.9', releaseData.asOf)).toEqual([]);
});

test('a release that is between known ones and not among them is named', () => {
  const row = judgeReleases({ running: 'v0.2.7' });
  expect(row?.notes.some((note) => note.includes('v0.2.7 (its first line in the journal) is not among'))).toBe(true);
});

test('the release of the leader decides what the scheduler does', () => {
  const scene = SITUATIONS.find(([issue]) => issue === 187)?.[3];
  const led = { ...scene, running: 'v0.3.8', members: ['jaco-1', 'jaco-2'], leader: '10.0.0.2:7001' };
  // The leader lists voters, so it is v0.2.1 or later and may include the fix.
  const row = judgeReleases({ ...led, peers: [peer('jaco-2', '10.0.0.2:7001', ['jaco-1', 'jaco-2'])] });
  expect(row?.findings).toEqual([]);
  expect(row?.notJudged.map(({ subject }) => subject)).toEqual(['#187']);
});

test('a follower sees that its leader lists no voters', () => {
  const row = judgeReleases({
    ...{ running: 'v0.2.0', members: ['jaco-1', 'jaco-2', 'jaco-3'], voters: [], leader: '10.0.0.2:7001' },
    peers: [peer('jaco-2', '10.0.0.2:7001', [])],
  });
  // Only v0.2.0 and earlier answer this way, so the leader's release is known well enough.
  expect(row?.findings).toMatchObject([{ id: 'known_issue', subject: '#143' }]);
});

test('while a member is silent nothing is upgraded', () => {
  const silent = { ...peer('jaco-2', '10.0.0.2:7001', []), answer: { kind: 'failure', why: 'silent', phase: 'call' } };
  const row = judgeReleases({
    ...{ running: 'v0.3.8', containers: [containerWith({ dns: [] })] },
    peers: [silent as unknown as Peer],
  });
  expect(row?.findings[0]).toMatchObject({ cause: 'not-now' });
  expect(row?.findings[0]?.values?.['wait_reason']).toContain('jaco-2');
});

test('while a deployment is rolled out nothing is upgraded', () => {
  const row = judgeReleases({
    ...{ running: 'v0.3.8', containers: [containerWith({ dns: [] })] },
    deployments: [deployment({ updatedAtMs: NOW - 30_000 })],
  });
  expect(row?.findings[0]).toMatchObject({ cause: 'not-now' });
  expect(row?.findings[0]?.values?.['wait_reason']).toContain('shop');
});

test.each([
  ['v0.3.8', 0],
  ['v0.3.7', 1],
  ['v0.3.5', 2],
  ['v0.2.0', 3],
])('the advice to upgrade %s names the %i things that the upgrade breaks', (running, count) => {
  const row = judgeReleases({ running, containers: [containerWith({ dns: [] })] });
  const breaks = row?.findings.find(({ subject }) => subject === '#181')?.values?.['breaks'] ?? '';
  expect(releaseData.traps.filter(({ breaks: one }) => breaks.includes(one))).toHaveLength(count);
});

test('an unread fact hides an issue of the release, and the row says so', () => {
  const denied = failure('docker.containers', 'denied', 'connect', 'the socket of Docker is closed to this user');
  const row = judgeReleases({ running: 'v0.3.8', containers: denied });
  expect(brief(row)).toBe('unknown');
  expect(unquoted(row, '#181', 'the socket of Docker is closed to this user')).toEqual([]);
  expect(brief(judgeReleases({ running: 'v0.3.9', containers: denied }))).toBe('pass');
});

test('a failed comparison of the environment is in the note about the release', () => {
  const missing = failure('jaco.changed-environment', 'absent', 'replay', 'not in this recording');
  const row = judgeReleases({ running: 'v0.3.0', environment: missing });
  expect(brief(row)).toBe('pass');
  expect(row?.notes).toHaveLength(1);
});

test('a volume that both deployments share on purpose is not an issue', () => {
  expect(briefOf({ ...volume('data', { external: true }), running: 'v0.2.0' })).not.toContain('#142');
  expect(briefOf({ ...volume('data', { name: 'data' }), running: 'v0.2.0' })).not.toContain('#142');
});

test.each([
  ['a replica with a health check that is starting', { health: { status: 'starting' } as never }],
  ['a container that started a moment ago', { startedAtMs: NOW - 5_000, health: null }],
])('%s may be PENDING', (_, seen) => {
  const scene = { running: 'v0.3.1', rows: [replica({ state: 'pending' })], containers: [containerWith(seen)] };
  expect(briefOf(scene)).not.toContain('#152');
});

test('a wrong password is not one credential for a whole registry', () => {
  const scene = { running: 'v0.3.6', registries: ['registry.test'] };
  expect(briefOf({ ...scene, rows: [refused('registry.test/ns2/api:1', 'unauthorized')] })).not.toContain('#171');
});

test('two silent name servers are not a matter of the release', () => {
  const dead = SILENT_FIRST.slice(0, 1);
  expect(briefOf({ running: 'v0.3.5', upstreams: [...dead, ...dead] })).not.toContain('#165');
});

test('a service that was removed a moment ago may still be stopped', () => {
  const scene = { containers: [containerWith({}, { service: 'old' })], running: 'v0.3.8' };
  expect(briefOf({ ...scene, deployments: [deployment({ updatedAtMs: NOW - 10_000 })] })).not.toContain('#191');
});

test('a certificate that a follower waited for a moment ago may still be loaded', () => {
  const row = judgeReleases({
    ...{ ...FOLLOWER, running: 'v0.3.8', entries: [started, { ...locked, atMs: NOW - 5_000 }] },
    served: [serves('jaco-1', 'own', null), serves('jaco-2', 'member', "Let's Encrypt")],
  });
  expect(row?.findings).toEqual([]);
});

test('a promotion whose production certificate is still ordered is not a stuck staging certificate', () => {
  const row = judgeReleases({ running: 'v0.3.3', entries: [started, promoted(MINUTE)], served: STAGING_LEAF });
  expect(row?.findings).toEqual([]);
});

test('a journal that lacks lines proves no missing line', () => {
  const row = judgeReleases({ running: 'v0.3.3', entries: [promoted(20 * MINUTE)], served: STAGING_LEAF });
  expect(row?.findings).toEqual([]);
});

test('a domain with the word staging in its name has that state on every release', () => {
  const domain = 'staging.shop.test';
  const [own] = [serves('jaco-1', 'own', "Let's Encrypt")];
  const served = [{ ...own, answers: own?.answers.map((one) => ({ ...one, domain })) }] as never;
  const certificates = [{ domain, environment: 'staging' as const, notAfterMs: NOW + HOUR }];
  expect(judgeReleases({ running: 'v0.3.3', served, certificates })?.findings).toEqual([]);
});

test('two catch-all routes that an earlier release stored survive the upgrade', () => {
  const row = judgeReleases({
    ...{ running: 'v0.3.9', startedAtMs: NOW - HOUR, routes: [catchAll('', 'web'), catchAll('/', 'api')] },
    deployments: [deployment({ updatedAtMs: NOW - 2 * HOUR })],
  });
  expect(brief(row)).toBe('fail known_issue:left-behind #174');
});

test('without a daemon there is no release to judge', () => {
  expect(briefOf({ daemon: null })).toBe('not-applicable');
});

idsAndTextsArePinned('jaco', knownIssues);
