import { expect, test } from 'vitest';
import versionSkew from '../../../checks/jaco/version-skew.ts';
import { jaco } from '../../../checks/jaco.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';
import { NO_DETAILS } from '../../../src/probes/jaco/runtime/replica-details.ts';
import { idsAndTextsArePinned, judgeFacts, onlyGroups, outcomeOf, unquoted } from '../scene.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const at = (number: number) => `10.0.0.${number}:7001`;
const port = (number: number) => `10.0.0.${number}:7000`;

/**
 * A cluster of three seen from jaco-1; jaco-2 is the leader. `asked`: whether each node answered that it has
 * GetReplicas.
 */
type Skew = {
  readonly members?: number;
  readonly running?: string | null;
  readonly leader?: number;
  readonly suffrages?: number;
  readonly asked?: { readonly [number: number]: boolean };
  /** From a laptop: the features of the asked node. */
  readonly remote?: { readonly details: boolean; readonly namesHosts: boolean | null };
};

function judge({ members = 3, running = 'v0.3.9', leader = 2, suffrages = 3, asked, remote }: Skew) {
  const numbers = Array.from({ length: members }, (_, index) => index + 1);
  const voters = numbers.slice(0, suffrages).map((number) => ({ hostname: `jaco-${number}`, kind: 'voter' }));
  const view = (number: number) => ({
    initialized: true,
    leader: at(leader),
    raftIndex: '9',
    members,
    mismatches: [],
    suffrages: number === leader ? voters : [],
  });
  const versioned = { kind: 'known', version: running, source: 'its first line in the journal' };
  const unknown = { kind: 'unknown', reason: 'the release is not visible from here' };
  const given = {
    'jaco.version': outcomeOf({ path: 'jacod', installed: unknown, running: running === null ? unknown : versioned }),
    'jaco.leader-settles': outcomeOf({
      samples: [],
      lost: null,
      last: {
        initialized: true,
        leader: at(leader),
        raftIndex: '9',
        nodes: numbers.map((number) => ({
          hostname: `jaco-${number}`,
          address: at(number),
          grpcAddress: port(number),
        })),
        suffrages: leader === 1 ? voters : [],
        omitted: 0,
      },
    }),
    'jaco.raft-host': outcomeOf({ hostname: 'jaco-1', raftAddress: at(1), vantage: remote ? 'outside' : 'node' }),
    'jaco.control-endpoint': outcomeOf(
      remote
        ? { kind: 'port', address: port(1), hostname: 'jaco-1', ca: null, at: null, leaf: null }
        : { kind: 'socket', path: '/run/jaco/jaco.sock' },
    ),
    'jaco.peer-status': outcomeOf({
      omitted: 0,
      localAgain: null,
      peers: numbers.slice(1).map((number) => ({
        hostname: `jaco-${number}`,
        grpcAddress: port(number),
        raftAddress: at(number),
        guessed: false,
        by: 'member',
        connect: { kind: 'connected', ms: 1 },
        tlsFault: null,
        answer: { kind: 'status', verified: true, view: view(number) },
      })),
    }),
    'jaco.peer-releases': asked
      ? outcomeOf({
          listsReplicas: Object.fromEntries(Object.entries(asked).map(([number, has]) => [port(Number(number)), has])),
        })
      : notApplicable('this node runs the newest release that this doctor knows'),
    'jaco.replicas': remote?.details === false ? notApplicable(NO_DETAILS) : outcomeOf({ rows: [], omitted: 0 }),
    'jaco.deployments': outcomeOf({ list: [], omitted: 0, namesHosts: remote?.namesHosts ?? null }),
  };
  return judgeFacts(onlyGroups(jaco, 'versions'), given, { now: NOW })['version-skew'];
}

test('a node that was not upgraded is named with what it shows, and the others with theirs', () => {
  const row = judge({ running: 'v0.3.5', asked: { 2: true, 3: false } });
  expect(row?.findings).toMatchObject([{ id: 'version_skew', subject: null }]);
  expect(unquoted(row, 'jaco-1: v0.3.5', 'jaco-2 (leader): v0.3.8 or later', 'jaco-3: v0.3.7 or earlier')).toEqual([]);
});

test('old nodes without a visible difference are not a skew', () => {
  const row = judge({ running: 'v0.3.5', asked: { 2: false, 3: false } });
  expect(row?.status).toBe('pass');
  expect(row?.evidence).toContain('jaco-2 (leader): v0.2.1 to v0.3.7');
});

test('a leader without a list of servers is older than this node', () => {
  expect(judge({ running: 'v0.3.9', suffrages: 0 })?.findings).toMatchObject([{ id: 'version_skew' }]);
});

test('a node of the newest release asks no other node, and names those whose release is not visible', () => {
  const row = judge({ running: 'v0.3.9' });
  expect(row?.status).toBe('pass');
  expect(row?.evidence.join('\n')).toContain('jaco-3 is not visible from here');
});

test('from a laptop a node is a window, and two windows that exclude each other are skew', () => {
  const row = judge({
    running: null,
    remote: { details: true, namesHosts: true },
    asked: { 1: true, 2: true, 3: false },
  });
  expect(row?.findings).toHaveLength(1);
  expect(unquoted(row, 'jaco-1: v0.3.9 or later', 'jaco-3: v0.3.7 or earlier')).toEqual([]);
});

test('a single node has no other to differ from', () => {
  expect(judge({ members: 1, leader: 1, suffrages: 1 })?.status).toBe('not-applicable');
});

idsAndTextsArePinned('jaco', versionSkew);
