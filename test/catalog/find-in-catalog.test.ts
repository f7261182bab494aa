import { expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import { findInCatalog } from '../../src/catalog/find-in-catalog.ts';
import { listed } from './pages.ts';

const catalog = await loadCatalog('jaco');
const nameOf = (query: string): readonly string[] => {
  const found = findInCatalog(catalog, query);
  if (found.kind === 'entry') return [found.entry.id];
  return found.kind === 'topics' ? found.topics.map((topic) => topic.name) : [];
};

test('every id is found by itself, in any spelling of its blanks', () => {
  for (const { id } of catalog.entries) {
    expect(nameOf(id)).toEqual([id]);
    expect(nameOf(` ${id.replaceAll('_', ' ').toUpperCase()} `)).toEqual([id]);
  }
});

test('every heading, state and event is found by its exact name, unless an id has it', () => {
  const ids = new Set(catalog.entries.map((entry) => entry.id));
  for (const topic of catalog.topics) expect(nameOf(topic.name)).toContain(topic.name);
  expect(catalog.topics.filter((topic) => ids.has(topic.name)).length).toBeGreaterThan(10);
  expect(findInCatalog(catalog, 'pending')).toMatchObject({
    kind: 'topics',
    topics: [{ kind: 'replica-state' }, { kind: 'deployment-status' }],
  });
  expect(nameOf('NODE_STATUS_JOINING')).toEqual(['joining']);
});

test.each([
  ['staging cert still served', 'staging cert still served after promote (v0.3.3 / v0.3.4)'],
  ['promoting to prod forever', 'staging self-check passed; promoting to prod (every 10 s, forever)'],
  ['external dns 5 seconds', 'External hostnames fail after exactly 5 s from inside containers (pre-v0.3.6)'],
  [
    'outside names servfail no upstream',
    'External hostnames SERVFAIL on v0.3.6+ with dns: no upstream resolvers configured ... in the journal',
  ],
  ['node shows nonvoter', 'Node shows NONVOTER'],
  ['why is my node a nonvoter?', 'Node shows NONVOTER'],
  ['replicas pending though healthy', 'Replicas stuck in pending despite the container being healthy (pre-v0.3.2)'],
  ['stale env after rotation', 'Container reused with stale env values after .env rotation (pre-v0.3.1)'],
  [
    'cachepoke cert cache not provisioned',
    'cert audit emit skipped: cachepoke: caddytls cert cache not yet provisioned',
  ],
  ['output format json not implemented', 'output format "<fmt>" not implemented yet; only "table" is supported (#156)'],
  ['permission denied privileged', 'PermissionDenied (privileged admission)'],
  ['unexpected volume names', 'Unexpected jaco_<deployment>_<key> volume names on disk'],
  ['spurious follower log lines', 'Spurious follower log lines (silenced)'],
  [
    'docker embedded resolver loop',
    "dns.forwarders[…]: 127.0.0.11 is docker's embedded resolver; configuring it as an upstream would create a forwarding loop",
  ],
  ['cannot load environment file', 'load environment file <path>: …'],
  ['required variable missing a value', 'interpolate <path>: ... required variable <NAME> is missing a value'],
  ['interpolate invalid template', 'interpolate <path>: ... invalid template'],
  ['local socket not available', 'local socket /var/run/jaco/jaco.sock is not available'],
  ['staging behind load balancer', 'Cluster stuck on (STAGING) cert behind L4 load-balancer (issue #189)'],
  ['where to look next', 'Where to look next'],
])('%s leads to its heading', (query, heading) => {
  expect(nameOf(query)[0]).toBe(heading);
});

test('every heading is found by its words without its signs, or leads to the id it is named after', () => {
  for (const heading of [...listed('headings.txt'), ...listed('newer-headings.txt')]) {
    const words = heading.toLowerCase().replace(/[^a-z0-9_]+/g, ' ');
    const [first = ''] = nameOf(words);
    expect(first === heading || heading.includes(first), `${words}: ${first}`).toBe(true);
    expect(first, words).not.toBe('');
  }
});

test('words that are in no heading find an entry by its title', () => {
  expect(nameOf('clock is off')).toEqual(['clock_skew']);
  expect(nameOf('two hostnames share a mesh address')).toEqual(['mesh_address_collision']);
});

test('a misspelt id is answered with near ones, and never taken for one of them', () => {
  expect(findInCatalog(catalog, 'quorum_lots')).toEqual({ kind: 'nothing', near: ['quorum_lost'] });
  expect(findInCatalog(catalog, 'no_leeder')).toMatchObject({
    kind: 'nothing',
    near: expect.arrayContaining(['no_leader']),
  });
  expect(findInCatalog(catalog, 'tokn_invalid')).toMatchObject({ near: expect.arrayContaining(['token_invalid']) });
  expect(findInCatalog(catalog, 'runing')).toEqual({ kind: 'nothing', near: ['running'] });
  expect(findInCatalog(catalog, 'brand_new_code')).toEqual({ kind: 'nothing', near: [] });
});

test('what nothing is like finds nothing', () => {
  for (const query of [
    '',
    '   ',
    'the a of',
    'purple elephant riding a bicycle',
    '§$%&',
    'kubernetes helm chart upgrade',
  ])
    expect(findInCatalog(catalog, query).kind, query).toBe('nothing');
});

test('a query of any length and content is answered at once', () => {
  const started = performance.now();
  for (const query of ['a'.repeat(1e6), '_'.repeat(1e6), 'no '.repeat(1e5), '__proto__', 'constructor'])
    findInCatalog(catalog, query);
  expect(performance.now() - started).toBeLessThan(2_000);
});
