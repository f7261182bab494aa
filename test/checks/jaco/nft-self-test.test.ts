import { describe, expect, test } from 'vitest';
import nftSelfTest from '../../../checks/jaco/nft-self-test.ts';
import { capturedTable } from '../../probes/host/captured-tables.ts';
import { brief, idsAndTextsArePinned, unquoted, words } from '../scene.ts';
import {
  deployment,
  fail,
  judgeIsolation,
  line,
  member,
  NOW,
  network,
  replica,
  type Scene,
} from './scenes/isolation-scene.ts';

const table = (name: string) => ({ kind: 'table', table: capturedTable(name), version: '1.0.6' }) as const;
const fault = (name: string) => table(`nft-faults/${name}.json`);
const SECOND = 1_000;

describe('nft-self-test', () => {
  const said = (scene: Scene, now = NOW) => judgeIsolation(scene, now)['nft-self-test'];

  test.each(['chain-deleted-input', 'policy-drop-forward', 'priority-changed', 'set-deleted', 'set-added'])(
    '%s is detected and fixed by the daemon',
    (name) => {
      const row = said({ table: fault(name) });
      expect(brief(row)).toBe('fail isolation_self_test_failed:drift');
      expect(unquoted(row, '30 s')).toEqual([]);
    },
  );

  test('so is a missing table', () => {
    expect(brief(said({ table: { kind: 'absent' } }))).toBe('fail isolation_self_test_failed:drift');
  });

  test('for 30 s after a start, or an init, it does not exist yet', () => {
    const young: Scene = { table: { kind: 'absent' }, started: NOW - 20 * SECOND };
    expect(brief(said(young))).toBe('pass');
    expect(unquoted(said(young), '30 s')).toEqual([]);
    expect(brief(said({ ...young, started: NOW - 40 * SECOND }))).toContain('isolation_self_test_failed');
    const joined = {
      members: [member('jaco-1', { joinedAtMs: NOW - 10 * SECOND })],
      table: { kind: 'absent' },
    } as const;
    expect(brief(said(joined))).toBe('pass');
  });

  test('a network that was just made has no set yet', () => {
    const young = network('shop', 'new', 3, { createdAtMs: NOW - 10 * SECOND });
    const networks = [network('shop', 'back', 0), network('shop', 'front', 1), network('blog', 'front', 2), young];
    expect(brief(said({ networks }))).toBe('pass');
    expect(unquoted(said({ networks }), 'jaco_shop_new', '30 s')).toEqual([]);
    const old = { ...young, createdAtMs: NOW - 60 * SECOND };
    expect(words(said({ networks: [...networks.slice(0, 3), old] }))).toContain('missing:set:dep_net_shop_new');
  });

  test('a replica on another node needs its set too', () => {
    const far = replica('shop-far-0', { jaco_shop_far: '10.244.9.2' }, { host: 'jaco-2' });
    const members = [member('jaco-1'), member('jaco-2')];
    expect(words(said({ members, replicas: [far] }))).toContain('missing:set:dep_net_shop_far');
  });

  describe('a network needs no set after its subnet was freed', () => {
    const far = replica('shop-far-0', { jaco_shop_far: '10.244.9.2' }, { host: 'jaco-2' });

    test('with the removal of the node that carried it, though its replica row remains', () => {
      expect(brief(said({ members: [member('jaco-1')], replicas: [far] }))).toBe('pass');
    });

    test('if that node joined again after the replica had started', () => {
      const joined = (agoMs: number) => [member('jaco-1'), member('jaco-2', { joinedAtMs: NOW - agoMs })];
      const row = { ...far, startedAtMs: NOW - 600 * SECOND };
      expect(brief(said({ members: joined(300 * SECOND), replicas: [row] }))).toBe('pass');
      expect(words(said({ members: joined(900 * SECOND), replicas: [row] }))).toContain('missing:set:dep_net_shop_far');
    });

    test('though Docker on this host still has the network from before its own removal', () => {
      const members = [member('jaco-1', { joinedAtMs: NOW - 300 * SECOND })];
      const networks = [
        network('shop', 'back', 0),
        network('shop', 'front', 1),
        network('blog', 'front', 2),
        network('shop', 'old', 3, { createdAtMs: NOW - 900 * SECOND }),
      ];
      expect(words(said({ members, networks }))).not.toContain('dep_net_shop_old');
    });

    test('if the daemon itself removed the set after the network came into use, and not if it added it again', () => {
      const wrote = (seconds: number, drift: string) =>
        line('firewall', 'firewall ruleset reconciled', { atMs: NOW - seconds * SECOND, fields: { DRIFT: drift } });
      const members = [member('jaco-1'), member('jaco-2')];
      const row = { ...far, startedAtMs: NOW - 900 * SECOND };
      const removed = wrote(600, 'extra:set:dep_net_shop_far,extra:set:jaco_x');
      expect(brief(said({ members, replicas: [row], log: [removed] }))).toBe('pass');
      const again = wrote(300, 'missing:set:dep_net_shop_far');
      expect(words(said({ members, replicas: [row], log: [removed, again] }))).toContain(
        'missing:set:dep_net_shop_far',
      );
      const younger = { ...row, startedAtMs: NOW - 500 * SECOND };
      expect(words(said({ members, replicas: [younger], log: [removed] }))).toContain('missing:set:dep_net_shop_far');
    });
  });

  test('a difference that remains for two comparisons is noted as none', () => {
    expect(unquoted(said({ table: fault('set-deleted') }), '60 s')).toEqual([]);
  });

  test('the set of a network that left its deployment is not a difference, nor that of a deployment that was deleted', () => {
    const leaked = {
      table: table('nft-healthy-scopes.json'),
      deployments: [deployment('shop', { db: ['back'] }), deployment('blog', {})],
      networks: [network('shop', 'back', 0)],
      replicas: [],
    };
    expect(brief(said(leaked))).toBe('pass');
    const gone = {
      deployments: [deployment('shop', { web: ['front'], db: ['back'] })],
      networks: [network('shop', 'back', 0), network('shop', 'front', 1)],
      replicas: [],
    };
    expect(words(said(gone))).toContain('extra:set:dep_net_blog_front');
    for (const seconds of [20, 600, 86_400])
      expect(brief(said({ ...gone, deleted: [{ deployment: 'blog', atMs: NOW - seconds * SECOND }] }))).toBe('pass');
  });

  test('a difference that returns repeatedly is written by another program', () => {
    const wrote = (seconds: number, drift: string) =>
      line('firewall', 'firewall ruleset reconciled', { atMs: NOW - seconds * SECOND, fields: { DRIFT: drift } });
    const log = [
      wrote(500, 'missing:chain:forward'),
      wrote(300, 'missing:chain:forward'),
      wrote(100, 'missing:chain:input'),
    ];
    expect(brief(said({ table: { kind: 'absent' }, log }))).toBe('fail isolation_self_test_failed:rewritten');
    const usual = [
      wrote(500, 'missing:chain:forward'),
      wrote(300, 'missing:set:a'),
      wrote(200, 'extra:set:a'),
      wrote(100, 'missing:set:b'),
    ];
    expect(brief(said({ table: fault('set-added'), log: usual }))).toBe('fail isolation_self_test_failed:drift');
  });

  test('nothing fixes it while the daemon does not run, knows no leader or found no nft', () => {
    const absent = { kind: 'absent' } as const;
    const unseen = said({ table: absent, processUnseen: true });
    expect(brief(unseen)).toBe('unknown');
    expect(brief(said({ table: absent, stopped: true }))).toBe('fail isolation_self_test_failed:not-compared');
    expect(unquoted(said({ table: absent, stopped: true }))).toEqual([]);
    expect(unquoted(said({ table: absent, leader: '' }))).toEqual([]);
    expect(brief(said({ table: absent, leader: '' }))).toContain(':not-compared');
  });

  test('nft is not there for the daemon', () => {
    const reach = { programs: { nft: null, iptables: '/usr/sbin/iptables', ip: '/usr/sbin/ip' } };
    const missing = fail('missing-tool', 'nft: not found on PATH', 'jaco.nft-table');
    const rows = judgeIsolation({ reach, table: missing, tables: missing });
    expect(brief(rows['nft-self-test'])).toBe('fail firewall_binary_missing:no-nft nft');
    expect(brief(rows['nft-rules'])).toBe('blocked by firewall_binary_missing');
    expect(unquoted(rows['nft-self-test'], '/usr/sbin:/usr/bin')).toEqual([]);
  });

  test('nft came after the daemon had looked for it', () => {
    const log = [
      line('daemon/grpc', 'firewall unavailable, drift detector skipped', { error: 'nft binary not found on PATH' }),
    ];
    const row = said({ log, table: { kind: 'absent' } });
    expect(brief(row)).toBe('fail firewall_binary_missing:installed-since nft isolation_self_test_failed:not-compared');
    expect(unquoted(row, '/usr/sbin/nft')).toEqual([]);
  });

  test('iptables is not there', () => {
    const reach = { programs: { nft: '/usr/sbin/nft', iptables: null, ip: '/usr/sbin/ip' } };
    const rows = judgeIsolation({
      reach,
      iptables: fail('missing-tool', 'iptables: not found on PATH', 'host.iptables'),
    });
    expect(brief(rows['nft-self-test'])).toBe('fail firewall_binary_missing:no-iptables iptables');
    expect(brief(rows['overlay-exemptions'])).toBe('blocked by firewall_binary_missing');
    expect(brief(rows['nft-rules'])).toBe('pass');
  });

  test('the daemon may not use nft, by its capabilities or by its log', () => {
    expect(brief(said({ reach: { netAdmin: false } }))).toBe('fail firewall_not_permitted:no-capability');
    const refused = line('firewall', 'firewall.Reconciler.Tick failed', {
      error: 'nft list: nft -j list: exit status 1: Operation not permitted (you must be root)',
    });
    expect(brief(said({ log: [refused] }))).toBe('fail firewall_not_permitted:refused');
    expect(brief(said({ log: [{ ...refused, atMs: NOW - 90 * SECOND }] }))).toBe('pass');
  });

  test('the doctor may not use nft: other facts are judged, and the rest names the right', () => {
    const denied = fail('denied', 'Operation not permitted (you must be root)', 'jaco.nft-table');
    const rows = judgeIsolation({
      table: denied,
      tables: { ...denied, root: 'host.nft-ruleset' },
      iptables: { ...denied, root: 'host.iptables' },
    });
    expect(brief(rows['nft-self-test'])).toBe('unknown');
    expect(words(rows['nft-self-test'])).toContain('you must be root');
    expect(rows['nft-rules']?.status).toBe('unknown');
    expect(brief(judgeIsolation({ table: denied, reach: { netAdmin: false } })['nft-self-test'])).toBe(
      'fail firewall_not_permitted:no-capability',
    );
  });

  test('a kernel without nf_tables is neither', () => {
    const row = said({
      table: { kind: 'unsupported', said: 'Unable to initialize Netlink socket: Protocol not supported' },
    });
    expect(brief(row)).toBe('fail isolation_self_test_failed:unsupported');
  });

  test('which sets there should be is not known without a leader or without Docker', () => {
    expect(unquoted(said({ leader: '' }))).toEqual([]);
    expect(brief(said({ leader: '' }))).toBe('unknown');
    const closed = fail('denied', 'connect to /var/run/docker.sock: EACCES', 'docker.engine');
    expect(brief(said({ networks: closed }))).toBe('unknown');
    expect(unquoted(said({ networks: closed }), 'connect to /var/run/docker.sock')).toEqual([]);
  });

  test('without Docker the addresses of running replicas show their networks', () => {
    const networks = fail('denied', 'connect to /var/run/docker.sock: EACCES', 'docker.engine');
    const extra = { kind: 'table', table: capturedTable('nft-healthy-empty.json'), version: null } as const;
    const rows = judgeIsolation({ networks, table: extra });
    expect(brief(rows['nft-self-test'])).toBe('fail isolation_self_test_failed:drift');
    expect(rows['dns-listeners']?.status).toBe('unknown');
    expect(brief(rows['dns-listeners'])).toBe('unknown');
    expect(brief(judgeIsolation({ networks, sockets: [] })['dns-listeners'])).toContain(
      'dns_listener_missing:not-bound jaco_shop_back',
    );
    expect(brief(judgeIsolation({ networks, table: fault('element-removed-pool') })['nft-rules'])).toBe(
      'fail isolation_rules_wrong:rules',
    );
    expect(
      unquoted(judgeIsolation({ networks, table: fault('element-removed-pool') })['nft-rules'], 'jaco_pool'),
    ).toEqual([]);
  });

  test('without Docker a network is as young as its eldest replica: its set and its place in the pool are still to come', () => {
    const networks = fail('timeout', 'Docker did not answer within 3 s', 'docker.engine');
    const empty = { kind: 'table', table: capturedTable('nft-healthy-empty.json'), version: null } as const;
    const at = (agoMs: number) =>
      judgeIsolation({
        networks,
        table: empty,
        replicas: [replica('shop-web-0', { jaco_shop_front: '10.244.1.2' }, { startedAtMs: NOW - agoMs })],
      });
    expect(brief(at(10 * SECOND)['nft-self-test'])).toBe('unknown');
    expect(unquoted(at(10 * SECOND)['nft-self-test'], '30 s')).toEqual([]);
    expect(brief(at(10 * SECOND)['nft-rules'])).toBe('unknown');
    expect(brief(at(60 * SECOND)['nft-self-test'])).toBe('fail isolation_self_test_failed:drift');
  });

  test('a daemon that detects the difference and cannot write is reported', () => {
    const failed = line('firewall', 'apply ruleset failed', { error: 'nft apply: exit status 1: busy' });
    const row = said({ table: { kind: 'absent' }, log: [failed] });
    expect(brief(row)).toBe('fail isolation_self_test_failed:not-compared');
  });

  test('a daemon whose nft lists nothing fixes nothing, and logs that every 30 s while its node is READY', () => {
    const text = 'nft list: nft -j list: exit status 1: Error: JSON support not compiled-in';
    const log = [line('firewall', 'firewall.Reconciler.Tick failed', { error: text })];
    const gone = said({ table: { kind: 'absent' }, log });
    expect(brief(gone)).toBe('fail isolation_self_test_failed:not-compared');
    expect(unquoted(gone, text)).toEqual([]);
    expect(unquoted(gone, '30 s')).toEqual(['30 s']);
    // The same nft shows the doctor no more. The existing table may be complete, and stays unchanged.
    const unread = fail('unreadable', 'Error: JSON support not compiled-in', 'jaco.nft-table');
    const rows = judgeIsolation({ table: unread, tables: { ...unread, root: 'host.nft-ruleset' }, log });
    expect(brief(rows['nft-self-test'])).toBe('fail isolation_self_test_failed:not-compared');
    expect(brief(said({ log }))).toBe('fail isolation_self_test_failed:not-compared');
    expect(brief(said({ log: log.map((one) => ({ ...one, atMs: NOW - 90 * SECOND })) }))).toBe('pass');
  });
});

idsAndTextsArePinned('jaco', nftSelfTest);
