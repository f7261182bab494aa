import { expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import { listed } from './pages.ts';

const { entries, topics } = await loadCatalog('jaco');

const sorted = (names: Iterable<string>) => [...names].sort();

test('the 28 documented codes are the entries of documented origin, no more and no fewer', () => {
  const documented = entries.filter((entry) => entry.origin === 'jaco-docs').map((entry) => entry.id);
  expect(listed('codes.txt')).toHaveLength(28);
  expect(sorted(documented)).toEqual(sorted(listed('codes.txt')));
});

test('the headings of the troubleshooting page are the heading topics, no more and no fewer', () => {
  const headings = topics.filter((topic) => topic.kind === 'heading').map((topic) => topic.name);
  expect(sorted(headings)).toEqual(sorted([...listed('headings.txt'), ...listed('newer-headings.txt')]));
});

test('states, status words and audit events are the topics of those kinds, no more and no fewer', () => {
  const states = topics.filter((topic) => !['heading', 'statement'].includes(topic.kind));
  expect(sorted(states.map((topic) => `${topic.kind} ${topic.name}`))).toEqual(sorted(listed('states.txt')));
});

test('each state and event says whether the daemon writes it, and nothing else does', () => {
  for (const topic of topics)
    expect(topic.written === null, topic.name).toBe(['heading', 'statement'].includes(topic.kind));
  const never = topics.filter((topic) => topic.written === false).map((topic) => topic.name);
  const events = [
    'certificate_renewed',
    'restore_completed',
    'upgrade_succeeded',
    'upgrade_failed',
    'rebalance_dry_run',
  ];
  expect(sorted(never)).toEqual(sorted(['updating', 'stopped', 'drain_timeout', ...events]));
});

test('every link leads to a heading that the repository has at v0.3.9', () => {
  const anchors = new Set(listed('anchors.txt'));
  const release = 'https://github.com/PatrickRuddiman/JACO/blob/v0.3.9/';
  for (const { docs } of [...entries, ...topics]) {
    expect(docs.startsWith(release), docs).toBe(true);
    expect(anchors.has(docs.slice(release.length)), docs).toBe(true);
  }
});

test('each heading leads to an entry, except the one that is advice', () => {
  const without = topics.filter((topic) => topic.kind === 'heading' && topic.ids.length === 0);
  expect(without.map((topic) => topic.name)).toEqual(['Where to look next']);
});

test('a documented code that the daemon never gives says so', () => {
  const never =
    'node_already_member quorum_lost unknown_service replicas_exceed_pinned_hosts cert_failed docker_error internal upgrade_failed';
  for (const id of never.split(' ')) expect(entries.find((entry) => entry.id === id)?.differs, id).toMatch(/never/i);
});
