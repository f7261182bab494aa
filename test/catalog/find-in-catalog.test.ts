import { expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import { answered } from './answered.ts';
import { listed } from './pages.ts';

const catalog = await loadCatalog('jaco');
const namesOf = async (query: string): Promise<readonly string[]> => (await answered(catalog, query)).names;

function leadsTo(heading: string, names: readonly string[]): boolean {
  const topic = catalog.topics.find(({ kind, name }) => kind === 'heading' && name === heading);
  return names.some((name) => name === heading || topic?.ids.includes(name));
}

test('every id is found by itself, in any letter case and spelling of its blanks', async () => {
  for (const { id } of catalog.entries) {
    expect(await namesOf(id)).toEqual([id]);
    expect(await namesOf(` ${id.replaceAll('_', ' ').toUpperCase()} `)).toEqual([id]);
  }
});

test('an id in a sentence is recognised; of two, neither is', async () => {
  expect(await namesOf('what does NO_LEADER mean?')).toEqual(['no_leader']);
  expect((await answered(catalog, 'no_leader or quorum_lost')).sure).toBe(false);
});

test('every heading, state and event is found by its exact name, unless an id has it', async () => {
  const ids = new Set(catalog.entries.map((entry) => entry.id));
  for (const topic of catalog.topics) expect(await namesOf(topic.name)).toContain(topic.name);
  expect(catalog.topics.filter((topic) => ids.has(topic.name)).length).toBeGreaterThan(10);
  expect(await namesOf('pending')).toEqual(['pending', 'pending']);
  expect(await namesOf('NODE_STATUS_JOINING')).toEqual(['joining']);
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
])('%s leads to its heading, or to an id that the heading names', async (query, heading) => {
  expect(leadsTo(heading, await namesOf(query)), query).toBe(true);
});

test('every heading is found by its words without punctuation, or leads to an id that it names', async () => {
  for (const heading of [...listed('headings.txt'), ...listed('newer-headings.txt')]) {
    const words = heading.toLowerCase().replace(/[^a-z0-9_]+/g, ' ');
    const names = await namesOf(words);
    const topic = catalog.topics.find(({ kind, name }) => kind === 'heading' && name === heading);
    expect(
      names.some((name) => name === heading || topic?.ids.includes(name)),
      `${words}: ${names}`,
    ).toBe(true);
  }
});

test('a misspelt id is answered with near ones, and never taken for one of them', async () => {
  for (const [typed, meant] of [
    ['quorum_lots', 'quorum_lost'],
    ['no_leeder', 'no_leader'],
    ['tokn_invalid', 'token_invalid'],
    ['runing', 'running'],
  ] as const) {
    const { sure, names } = await answered(catalog, typed);
    expect(names, typed).toContain(meant);
    if (typed.includes('_')) expect(sure, typed).toBe(false);
  }
  expect(await namesOf('flux_capacitor_empty')).toEqual([]);
});

test('what nothing is like finds nothing', async () => {
  for (const query of ['', '   ', 'the a of', '§$%&', 'kubernetes helm chart upgrade'])
    expect(await namesOf(query), query).toEqual([]);
});

test('a query of a million characters costs little processor time', async () => {
  const before = process.cpuUsage();
  for (const query of ['a'.repeat(1e6), '_'.repeat(1e6), 'no '.repeat(1e5), '__proto__', 'constructor'])
    await namesOf(query);
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(2_000);
}, 60_000);
