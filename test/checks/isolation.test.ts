import { describe, expect, test } from 'vitest';
import { entries } from '../../src/catalog/generated/jaco.ts';
import { readIptablesSave } from '../../src/probes/host/filter/iptables-save.ts';
import { readNftJson } from '../../src/probes/host/filter/nft-json.ts';
import { capturedTable, capturedTables, hostCapture } from '../probes/nft-scene.ts';
import {
  brief,
  deployment,
  fail,
  judgeIsolation,
  line,
  member,
  NOW,
  network,
  replica,
  SAVED,
  type Scene,
  STARTED,
  savedFrom,
  troubles,
  words,
} from './isolation-scene.ts';

const table = (name: string) => ({ kind: 'table', table: capturedTable(name), version: '1.0.6' }) as const;
const fault = (name: string) => table(`nft-faults/${name}.json`);
const SECOND = 1_000;

test('nothing is wrong with a healthy node', () => {
  expect(troubles({})).toEqual({});
  expect(words(judgeIsolation()['nft-self-test'])).toContain('the 4 sets it should have');
});

test('nor with a member that has no deployment yet', () => {
  const empty = table('nft-healthy-empty.json');
  expect(troubles({ table: empty, networks: [], deployments: [], replicas: [] })).toEqual({});
});

test('a host that has taken up no cluster has no rules and no names', () => {
  const rows = judgeIsolation({ initialized: false, leader: '', table: { kind: 'absent' } });
  for (const name of ['nft-self-test', 'overlay-exemptions', 'kernel-network', 'dns-upstreams'])
    expect([name, rows[name]?.reason]).toEqual([name, expect.stringContaining('has taken up no cluster')]);
});

describe('node-isolation', () => {
  const unavailable = (reason: string | null) =>
    member('jaco-1', { status: 'isolation_unavailable', statusReason: reason });
  const said = (scene: Scene) => judgeIsolation(scene)['node-isolation'];
  const KERNEL =
    'nft -f /tmp/jaco-nft-1.nft: exit status 1 (output: Error: Could not process rule: No space left on device)';
  const failing = (text: string, atMs = NOW - 5 * SECOND) =>
    line('firewall', 'apply ruleset failed', { error: text, atMs });

  test('another member says so, and only it knows more', () => {
    const row = said({
      members: [member('jaco-1'), member('jaco-2', { status: 'isolation_unavailable', statusReason: KERNEL })],
    });
    expect(brief(row)).toBe('fail isolation_unavailable:kernel-refused jaco-2');
  });

  test.each([
    ['private-tmp-off', 'CreateTemp: open /tmp/jaco-nft-1.nft: read-only file system'],
    ['tmp-unusable', 'CreateTemp: open /tmp/jaco-nft-1.nft: no such file or directory'],
    ['tmp-unusable', 'CreateTemp: open /tmp/jaco-nft-1.nft: permission denied'],
    ['kernel-refused', KERNEL],
    ['unknown', null],
  ])('its cause is %s', (cause, reason) => {
    const scene = {
      members: [unavailable(reason)],
      table: { kind: 'absent' },
      log: reason === null ? [] : [failing(reason)],
    } as const;
    expect(brief(said(scene))).toBe(`fail isolation_unavailable:${cause} jaco-1`);
  });

  test('the word of before a restart: the table is whole, and this daemon never failed', () => {
    const row = said({ members: [unavailable(KERNEL)] });
    expect(brief(row)).toBe('fail isolation_unavailable:left-over-status jaco-1');
    expect(row?.findings[0]?.values).toMatchObject({ pid: '226' });
    expect(words(row)).toContain('the word is from before');
  });

  test('without a /tmp of its own nothing clears it', () => {
    expect(brief(said({ members: [unavailable(KERNEL)], privateTmp: false }))).toBe(
      'fail isolation_unavailable:left-over-no-private-tmp jaco-1',
    );
  });

  test('a daemon that itself failed and has written the table since takes it back: it is waited for', () => {
    const log = [
      failing(KERNEL, NOW - 40 * SECOND),
      line('firewall', 'firewall ruleset reconciled', { fields: { DRIFT: 'missing:chain:input' } }),
    ];
    const row = said({ members: [unavailable(KERNEL)], log });
    expect(brief(row)).toBe('fail isolation_unavailable:kernel-refused jaco-1');
    expect(words(row)).toMatch(/could not write its table at .*, and wrote it at/);
  });

  test('whose word it is cannot be told without the journal, or right after a start', () => {
    expect(brief(said({ members: [unavailable(null)], log: null }))).toContain(':unknown');
    expect(brief(said({ members: [unavailable(null)], started: NOW - 20 * SECOND }))).toContain(':unknown');
  });

  test('a failure that could not be stored is told by the log', () => {
    const row = said({ log: [failing(KERNEL)], table: { kind: 'absent' } });
    expect(brief(row)).toBe('fail isolation_unavailable:kernel-refused jaco-1');
    expect(words(row)).toContain('the member list still says ready');
  });

  test('without a leader nothing stored is judged', () => {
    expect(said({ members: [unavailable(null)], leader: '' })?.status).toBe('unknown');
  });
});

describe('nft-self-test', () => {
  const said = (scene: Scene, now = NOW) => judgeIsolation(scene, now)['nft-self-test'];

  test.each(['chain-deleted-input', 'policy-drop-forward', 'priority-changed', 'set-deleted', 'set-added'])(
    '%s is what the daemon sees and mends',
    (name) => {
      const row = said({ table: fault(name) });
      expect(brief(row)).toBe('fail isolation_self_test_failed:drift');
      expect(words(row)).toContain('the daemon compares this every 30 s');
    },
  );

  test('so is a table that is gone', () => {
    expect(words(said({ table: { kind: 'absent' } }))).toContain('there is no table inet jaco');
  });

  test('for 30 s after a start, or an init, there is none yet', () => {
    const young: Scene = { table: { kind: 'absent' }, started: NOW - 20 * SECOND };
    expect(brief(said(young))).toBe('pass');
    expect(words(said(young))).toContain('the daemon writes it up to 30 s after its start');
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
    expect(words(said({ networks }))).toContain('jaco_shop_new was made within the last 30 s');
    const old = { ...young, createdAtMs: NOW - 60 * SECOND };
    expect(words(said({ networks: [...networks.slice(0, 3), old] }))).toContain('missing:set:dep_net_shop_new');
  });

  test('a replica on another node wants its set as well', () => {
    const far = replica('shop-far-0', { jaco_shop_far: '10.244.9.2' }, { host: 'jaco-2' });
    expect(words(said({ replicas: [far] }))).toContain('missing:set:dep_net_shop_far');
  });

  test('the set of a network that left its deployment is no difference, nor that of a deployment just deleted', () => {
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
    expect(brief(said({ ...gone, deleted: [{ deployment: 'blog', atMs: NOW - 20 * SECOND }] }))).toBe('pass');
  });

  test('what comes back again and again is written by somebody', () => {
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

  test('nobody mends it while the daemon does not run, knows no leader or found no nft', () => {
    const absent = { kind: 'absent' } as const;
    const unseen = said({ table: absent, processUnseen: true });
    expect(brief(unseen)).toBe('unknown');
    expect(unseen?.reason).toContain('how long the daemon has run');
    expect(words(said({ table: absent, stopped: true }))).toContain('the daemon does not run, so nobody mends it');
    expect(words(said({ table: absent, leader: '' }))).toContain('compares nothing while it knows no leader');
    expect(brief(said({ table: absent, leader: '' }))).toContain(':nobody-compares');
  });

  test('nft is not there for the daemon', () => {
    const reach = { programs: { nft: null, iptables: '/usr/sbin/iptables', ip: '/usr/sbin/ip' } };
    const missing = fail('missing-tool', 'nft: not found on PATH', 'jaco.nft-table');
    const rows = judgeIsolation({ reach, table: missing, tables: missing });
    expect(brief(rows['nft-self-test'])).toBe('fail firewall_binary_missing:no-nft nft');
    expect(brief(rows['nft-rules'])).toBe('blocked by firewall_binary_missing');
    expect(words(rows['nft-self-test'])).toContain('no nft in /usr/sbin:/usr/bin');
  });

  test('nft came after the daemon had looked for it', () => {
    const log = [
      line('daemon/grpc', 'firewall unavailable, drift detector skipped', { error: 'nft binary not found on PATH' }),
    ];
    const row = said({ log, table: { kind: 'absent' } });
    expect(brief(row)).toBe(
      'fail firewall_binary_missing:installed-since nft isolation_self_test_failed:nobody-compares',
    );
    expect(words(row)).toContain('/usr/sbin/nft is there now');
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

  test('nft is refused to the daemon, by its capabilities or by its word', () => {
    expect(brief(said({ reach: { netAdmin: false } }))).toBe('fail firewall_not_permitted:no-capability');
    const refused = line('firewall', 'firewall.Reconciler.Tick failed', {
      error: 'nft list: nft -j list: exit status 1: Operation not permitted (you must be root)',
    });
    expect(brief(said({ log: [refused] }))).toBe('fail firewall_not_permitted:refused');
    expect(brief(said({ log: [{ ...refused, atMs: NOW - 90 * SECOND }] }))).toBe('pass');
  });

  test('nft is refused to us: what else can be seen is judged, and the rest names the right', () => {
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

  test('a kernel without nf_tables is none of these', () => {
    const row = said({
      table: { kind: 'unsupported', said: 'Unable to initialize Netlink socket: Protocol not supported' },
    });
    expect(brief(row)).toBe('fail isolation_self_test_failed:unsupported');
  });

  test('which sets there should be is not known without a leader or without Docker', () => {
    expect(words(said({ leader: '' }))).toContain('the names of its sets: this node knows no leader');
    expect(brief(said({ leader: '' }))).toBe('unknown');
    const closed = fail('denied', 'connect to /var/run/docker.sock: EACCES', 'docker.engine');
    expect(words(said({ networks: closed }))).toContain(
      'sets of networks that only Docker shows: connect to /var/run/docker.sock',
    );
  });

  test('without Docker the addresses of running replicas tell of their networks', () => {
    const networks = fail('denied', 'connect to /var/run/docker.sock: EACCES', 'docker.engine');
    const extra = { kind: 'table', table: capturedTable('nft-healthy-empty.json'), version: null } as const;
    const rows = judgeIsolation({ networks, table: extra });
    expect(brief(rows['nft-self-test'])).toBe('fail isolation_self_test_failed:drift');
    expect(rows['dns-listeners']?.status).toBe('unknown');
    expect(words(rows['dns-listeners'])).toContain('at the gateways of 3 of 3 networks');
    expect(words(rows['dns-listeners'])).toContain('networks without a running replica: connect to');
    expect(brief(judgeIsolation({ networks, sockets: [] })['dns-listeners'])).toContain(
      'dns_listener_missing:not-bound jaco_shop_back',
    );
    expect(words(judgeIsolation({ networks, table: fault('element-removed-pool') })['nft-rules'])).toContain(
      'is not in jaco_pool',
    );
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
    expect(words(at(10 * SECOND)['nft-self-test'])).toContain('within the last 30 s and not yet in the table');
    expect(words(at(10 * SECOND)['nft-rules'])).not.toContain('is not in');
    expect(brief(at(60 * SECOND)['nft-self-test'])).toBe('fail isolation_self_test_failed:drift');
  });

  test('a daemon that sees the difference and cannot write says so', () => {
    const failed = line('firewall', 'apply ruleset failed', { error: 'nft apply: exit status 1: busy' });
    const row = said({ table: { kind: 'absent' }, log: [failed] });
    expect(brief(row)).toBe('fail isolation_self_test_failed:nobody-compares');
    expect(words(row)).toContain('the daemon sees it and cannot write its table: ');
  });

  test('a daemon whose nft lists nothing mends nothing, and says so every 30 s while its node is READY', () => {
    const text = 'nft list: nft -j list: exit status 1: Error: JSON support not compiled-in';
    const log = [line('firewall', 'firewall.Reconciler.Tick failed', { error: text })];
    const gone = said({ table: { kind: 'absent' }, log });
    expect(brief(gone)).toBe('fail isolation_self_test_failed:nobody-compares');
    expect(words(gone)).toContain(`the daemon cannot list its table: ${text}`);
    expect(words(gone)).not.toContain('look again then');
    // The same nft tells us no more; the table of before may be whole, and stays as it is.
    const unread = fail('unreadable', 'Error: JSON support not compiled-in', 'jaco.nft-table');
    const rows = judgeIsolation({ table: unread, tables: { ...unread, root: 'host.nft-ruleset' }, log });
    expect(brief(rows['nft-self-test'])).toBe('fail isolation_self_test_failed:nobody-compares');
    expect(brief(said({ log }))).toBe('fail isolation_self_test_failed:nobody-compares');
    expect(brief(said({ log: log.map((one) => ({ ...one, atMs: NOW - 90 * SECOND })) }))).toBe('pass');
  });
});

describe('nft-rules: what the daemon never looks at', () => {
  const said = (scene: Scene) => judgeIsolation(scene)['nft-rules'];

  test.each([
    ['rules-flushed', 'chain forward has no rules; the daemon writes 5'],
    ['flush-table', 'chain forward has no rules; the daemon writes 5'],
    ['rule-deleted-drop', 'the drop at the end is gone'],
    ['stacked-rules', 'its rules stand there 2 times'],
    ['foreign-accept-first', 'a rule that the daemon did not write decides before the drop: '],
    ['element-removed-pool', '10.244.2.0/24 of dep_net_blog_front is not in jaco_pool: nothing keeps it apart'],
    [
      'element-added-scope',
      '10.244.2.0/24 stands in dep_net_blog_front and in dep_net_shop_back: the two reach each other',
    ],
  ])('%s', (name, because) => {
    const row = said({ table: fault(name) });
    expect(brief(row)).toBe('fail isolation_rules_wrong:rules');
    expect(words(row)).toContain(because);
    expect(words(row)).toContain('the daemon compares none of this');
  });

  test('a further chain that drops nothing is a note', () => {
    const row = said({ table: fault('extra-chain') });
    expect(brief(row)).toBe('pass');
    expect(words(row)).toContain('has what the daemon did not write and drops nothing');
  });

  test('a difference that the daemon sees mends the others too', () => {
    const { table: both } = fault('rules-flushed');
    const row = said({
      table: {
        kind: 'table',
        table: { ...both, chains: both.chains.filter(({ name }) => name !== 'input') },
        version: null,
      },
    });
    expect(words(row)).toContain('for another difference, which it does see, it writes the table anew within 30 s');
  });

  test('an accept that stands after the drop, and one that is gone', () => {
    const { table: healthy } = table('nft-healthy-scopes.json');
    const moved = (change: (rules: (typeof healthy)['chains'][number]['rules']) => typeof rules) => ({
      kind: 'table' as const,
      version: null,
      table: {
        ...healthy,
        chains: healthy.chains.map((chain) =>
          chain.name === 'forward' ? { ...chain, rules: change(chain.rules) } : chain,
        ),
      },
    });
    const last = moved((rules) => [...rules.slice(0, 2), ...rules.slice(3), ...rules.slice(2, 3)]);
    expect(words(said({ table: last }))).toContain('the accept of dep_net_shop_back stands after the drop');
    const gone = moved((rules) => rules.filter((_, at) => at !== 2));
    expect(words(said({ table: gone }))).toContain('no rule accepts traffic within dep_net_shop_back');
    const silent = moved((rules) => rules.slice(1));
    expect(words(said({ table: silent }))).toContain('the accept of replies');
  });

  test("a network of Docker's and an address of a replica that are in no set", () => {
    const networks = [network('shop', 'back', 0), network('shop', 'front', 7), network('blog', 'front', 2)];
    expect(words(said({ networks }))).toContain(
      "Docker's network jaco_shop_front is 10.244.7.0/24, which is not in dep_net_shop_front",
    );
    const far = replica('shop-web-1', { jaco_shop_front: '10.244.8.2' }, { host: 'jaco-2' });
    expect(words(said({ replicas: [far] }))).toContain(
      'shop-web-1 has the address 10.244.8.2, which is not in dep_net_shop_front',
    );
    const young = { ...networks[1], createdAtMs: NOW - 5 * SECOND } as ReturnType<typeof network>;
    expect(brief(said({ networks: [young] }))).toBe('pass');
  });

  test('a container on somebody else’s network of the right name has an address that no set should hold (live R5.4)', () => {
    const strayed = replica('shop-web-0', { jaco_shop_front: '172.17.0.2' });
    expect(brief(said({ replicas: [strayed] }))).toBe('pass');
  });

  test('two names that come to one set are not the rules’ fault', () => {
    const { table: healthy } = table('nft-healthy-scopes.json');
    const one = {
      ...healthy,
      sets: healthy.sets.map((set) =>
        set.name === 'dep_net_shop_front' ? { ...set, name: 'dep_net_shop_blog_front' } : set,
      ),
    };
    const deployments = [
      deployment('shop', { web: ['blog_front'], db: ['back'] }),
      deployment('shop-blog', { web: ['front'] }),
      deployment('blog', { web: ['front'] }),
    ];
    const row = said({ table: { kind: 'table', table: one, version: null }, deployments, networks: [], replicas: [] });
    const found = row?.findings.find(({ cause }) => cause === 'one-set');
    expect(found).toMatchObject({
      id: 'isolation_rules_wrong',
      values: { first: 'shop-blog/front', second: 'shop/blog_front' },
    });
  });

  test('without the stored state the rules themselves are judged all the same', () => {
    const row = said({ table: fault('rules-flushed'), leader: '' });
    expect(brief(row)).toBe('fail isolation_rules_wrong:nobody-compares');
  });

  test('there is no table to look into', () => {
    expect(words(said({ table: { kind: 'absent' } }))).toContain('there is no table inet jaco to look into');
  });
});

describe('nft-rules: other firewalls', () => {
  const said = (scene: Scene) => judgeIsolation(scene)['nft-rules'];
  const accept = { kind: 'accept' } as const;
  const rule = (text: string, predicates: readonly object[], verdict: object) => ({
    predicates,
    verdict,
    text,
    handle: 7,
    extended: false,
    untracks: false,
  });
  const foreign = (hook: string, policy: 'accept' | 'drop', rules: readonly object[]) => [
    ...capturedTables('nft-ruleset-healthy-scopes.json'),
    {
      family: 'inet',
      name: 'hostfw',
      from: 'nft',
      sets: [],
      chains: [{ name: 'chain', base: { type: 'filter', hook, priority: -5, policy }, rules }],
    } as never,
  ];

  test('a policy that drops what is passed on', () => {
    const row = said({ tables: foreign('forward', 'drop', []) });
    expect(brief(row)).toBe('fail foreign_firewall_drop:nft-forward');
    expect(words(row)).toContain('nft table inet hostfw, chain chain: its policy is drop');
    expect(words(row)).toContain('it drops containers of jaco_shop_back to the outside');
    expect(row?.findings[0]?.values).toMatchObject({
      family: 'inet',
      table: 'hostfw',
      chain: 'chain',
      pool: '10.244.0.0/16',
    });
  });

  test('one that lets answers through only', () => {
    const established = rule(
      'ct state established accept',
      [{ field: 'state', not: false, names: ['established', 'related'] }],
      accept,
    );
    const row = said({ tables: foreign('forward', 'drop', [established]) });
    expect(words(row)).toContain('to the outside');
    expect(words(row)).not.toContain('answers from the outside');
  });

  test("one that keeps containers from JACO's resolver on this host", () => {
    const lo = rule('iifname "lo" accept', [{ field: 'iif', not: false, names: ['lo'] }], accept);
    const row = said({ tables: foreign('input', 'drop', [lo]) });
    expect(brief(row)).toBe('fail foreign_firewall_drop:nft-input');
    expect(words(row)).toContain("containers of jaco_blog_front asking JACO's resolver");
  });

  test('traffic between nodes matters only where there are others', () => {
    const mesh = rule('iifname "jaco0" drop', [{ field: 'iif', not: false, names: ['jaco0'] }], { kind: 'drop' });
    const tables = foreign('forward', 'accept', [mesh]);
    expect(brief(said({ tables }))).toBe('pass');
    const row = said({ tables, members: [member('jaco-1'), member('jaco-2')] });
    expect(words(row)).toContain('the ingress of other nodes to containers of jaco_blog_front');
  });

  test('what nobody can judge is not accused', () => {
    const mark = rule('meta mark 1 accept', [{ field: 'other' }], accept);
    expect(brief(said({ tables: foreign('forward', 'drop', [mark]) }))).toBe('pass');
  });

  test("an operator's drop in DOCKER-USER, by the words of iptables", () => {
    const saved = SAVED.replace(
      '-A DOCKER-USER -j RETURN',
      '-A DOCKER-USER -s 10.244.0.0/16 -j DROP\n-A DOCKER-USER -j RETURN',
    );
    const tables = capturedTables('nft-ruleset-healthy-scopes.json').map((one) =>
      one.family === 'ip' && one.name === 'filter'
        ? {
            ...one,
            chains: one.chains.map((chain) =>
              chain.name === 'DOCKER-USER'
                ? {
                    ...chain,
                    rules: [
                      ...chain.rules.slice(0, 2),
                      rule('x', [{ field: 'saddr', not: false, ranges: [[0x0af40000, 0x0af4ffff]] }], { kind: 'drop' }),
                      ...chain.rules.slice(2),
                    ],
                  }
                : chain,
            ),
          }
        : one,
    );
    const row = said({ tables: tables as never, saved });
    expect(brief(row)).toBe('fail foreign_firewall_drop:docker-user');
    expect(words(row)).toContain('-A DOCKER-USER -s 10.244.0.0/16 -j DROP');
  });

  test('rules of the older interface beside', () => {
    const legacy = [
      {
        family: 'ip',
        name: 'filter',
        from: 'iptables-legacy',
        sets: [],
        chains: [
          {
            name: 'FORWARD',
            base: { type: 'filter', hook: 'forward', priority: 0, policy: 'accept' },
            rules: [
              rule(
                '-A FORWARD -s 10.0.0.0/8 -j DROP',
                [{ field: 'saddr', not: false, ranges: [[0x0a000000, 0x0affffff]] }],
                { kind: 'drop' },
              ),
            ],
          },
        ],
      },
    ];
    expect(brief(said({ iptables: { legacyBeside: legacy as never } }))).toBe(
      'fail foreign_firewall_drop:legacy-forward',
    );
    const unread = said({ iptables: { legacyBeside: null } });
    expect(brief(unread)).toBe('unknown');
    expect(words(unread)).toContain('rules of iptables-legacy exist and could not be read');
  });

  test('what is dropped on a bridge or a device is not looked into, and that is said', () => {
    const row = said({ beside: ['netdev blocklist'] });
    expect(brief(row)).toBe('pass');
    expect(row?.notes).toEqual([
      'table netdev blocklist drops something before these rules see it, and is not looked into here',
    ]);
  });

  test('nobody inserts into the table of firewalld, which owns it: only its own commands change it', () => {
    const tables = foreign('forward', 'drop', []).map((one) =>
      one.name === 'hostfw' ? { ...one, name: 'firewalld' } : one,
    );
    const row = said({ tables });
    expect(brief(row)).toBe('fail foreign_firewall_drop:other');
    expect(words(row)).toContain('nft table inet firewalld, chain chain: its policy is drop');
  });

  test('a drop in another table of iptables than filter is met there: its chain is not in filter, or is another one', () => {
    const range = [[0x0a000000, 0x0affffff]] as const;
    const drop = rule('-A FORWARD -s 10.0.0.0/8 -j DROP', [{ field: 'saddr', not: false, ranges: range }], {
      kind: 'drop',
    });
    const base = { type: 'filter', hook: 'forward', priority: -150, policy: 'accept' };
    const mangle = {
      family: 'ip',
      name: 'mangle',
      from: 'iptables',
      sets: [],
      chains: [{ name: 'FORWARD', base, rules: [drop] }],
    };
    const row = said({ tables: [...capturedTables('nft-ruleset-healthy-scopes.json'), mangle as never] });
    expect(brief(row)).toBe('fail foreign_firewall_drop:iptables-forward');
    const steps = entries.find(({ id }) => id === 'foreign_firewall_drop')?.fix ?? [];
    const inserts = steps.filter(({ run }) => run?.[0] === 'iptables' && run.includes('-I'));
    for (const { run } of inserts) expect(run?.join(' ')).toMatch(/^iptables -t \{table\} -I \{chain\} /);
    expect(row?.findings[0]?.values).toMatchObject({ table: 'mangle', chain: 'FORWARD' });
  });

  test("Docker's walls of before iptables was switched to nft still stand in the older interface, where JACO writes no exemption", () => {
    const left = readIptablesSave(
      '*filter\n:FORWARD DROP [0:0]\n:DOCKER-USER - [0:0]\n-A FORWARD -j DOCKER-USER\n-A DOCKER-USER -j RETURN\nCOMMIT\n',
      'iptables-legacy',
    );
    const row = said({ iptables: { legacyBeside: left ?? [] } });
    expect(brief(row)).toBe('fail foreign_firewall_drop:legacy-forward');
    expect(words(row)).toContain('iptables-legacy table filter, chain FORWARD: its policy is drop');
  });

  test('and so they do in nft after a switch to iptables-legacy', () => {
    const tables = capturedTables('nft-ruleset-healthy-scopes.json').map((one) =>
      one.family === 'ip' && one.name === 'filter'
        ? { ...one, chains: one.chains.map((chain) => (chain.name === 'FORWARD' ? { ...chain, rules: [] } : chain)) }
        : one,
    );
    const row = said({ tables, iptables: { variant: 'legacy', lock: { uid: 0, mode: 0o644 } } });
    expect(brief(row)).toBe('fail foreign_firewall_drop:nft-forward');
    expect(words(row)).toContain('nft table ip filter, chain FORWARD: its policy is drop');
  });

  test("Docker's own walls are the exemptions' business", () => {
    const flushed = capturedTables('nft-ruleset-healthy-scopes.json').map((one) =>
      one.family === 'ip' && one.name === 'filter'
        ? { ...one, chains: one.chains.map((chain) => (chain.name === 'FORWARD' ? { ...chain, rules: [] } : chain)) }
        : one,
    );
    expect(brief(said({ tables: flushed }))).toBe('pass');
  });
});

describe('overlay-exemptions', () => {
  const said = (scene: Scene, now = NOW) => judgeIsolation(scene, now)['overlay-exemptions'];

  test.each([
    ['ipt-snat-exempt-removed', 'heals', 'nat POSTROUTING lacks'],
    ['ipt-raw-flushed', 'heals', 'raw PREROUTING lacks'],
    ['ipt-docker-user-flushed', 'heals', 'DOCKER-USER lacks'],
    [
      'ipt-docker-user-drop-on-top',
      'heals',
      "above JACO's rules in DOCKER-USER stands -A DOCKER-USER -s 10.244.0.0/16 -j DROP",
    ],
  ])('%s', (name, cause, because) => {
    const row = said({ saved: savedFrom(name) });
    expect(brief(row)).toBe(`fail overlay_exemption_missing:${cause}`);
    expect(words(row)).toContain(because);
    expect(words(row)).toContain('within 30 s');
  });

  test("Docker's chain is not there, or nothing leads to it", () => {
    const gone = SAVED.split('\n')
      .filter((text) => !text.includes('DOCKER-USER'))
      .join('\n');
    expect(brief(said({ saved: gone }))).toBe('fail overlay_exemption_missing:docker-user-missing');
    // A Docker of snap, or Podman in its place: there is no docker.service to restart.
    expect(brief(said({ saved: gone, dockerLoad: 'not-found' }))).toBe(
      'fail overlay_exemption_missing:docker-elsewhere',
    );
    const unreached = SAVED.replace('-A FORWARD -j DOCKER-USER\n', '');
    const row = said({ saved: unreached });
    expect(brief(row)).toBe('fail overlay_exemption_missing:docker-user-missing');
    expect(words(row)).toContain('FORWARD does not lead to it');
  });

  test('a Docker that writes nftables makes no DOCKER-USER, and no restart of it brings one', () => {
    const saved = SAVED.replace(/\*filter[^*]*?COMMIT/, '');
    // The base chain as Docker 29 writes it, in the JSON that nft prints of it.
    const bridges = readNftJson(
      JSON.stringify({
        nftables: [
          { table: { family: 'ip', name: 'docker-bridges' } },
          {
            chain: {
              family: 'ip',
              table: 'docker-bridges',
              name: 'filter-FORWARD',
              type: 'filter',
              hook: 'forward',
              prio: 0,
              policy: 'accept',
            },
          },
          {
            rule: {
              family: 'ip',
              table: 'docker-bridges',
              chain: 'filter-FORWARD',
              expr: [{ vmap: { key: { meta: { key: 'oifname' } }, data: '@filter-forward-in-jumps' } }],
            },
          },
        ],
      }),
    );
    if (bridges.kind !== 'tables') throw new Error(bridges.detail);
    const tables = [
      ...capturedTables('nft-ruleset-healthy-scopes.json').filter(({ family }) => family !== 'ip'),
      ...bridges.tables,
    ];
    const rows = judgeIsolation({ saved, tables });
    const row = rows['overlay-exemptions'];
    expect(brief(row)).toBe('fail overlay_exemption_missing:docker-nftables');
    expect(words(row)).toContain('Docker keeps its rules in table ip docker-bridges (firewall-backend nftables)');
    expect(words(row)).not.toContain('address translation is gone');
    // Until the next boot the chain stands there from before, and JACO's rules in it, which Docker's own table does not heed.
    const migrated = { tables: [...capturedTables('nft-ruleset-healthy-scopes.json'), ...bridges.tables] };
    expect(brief(said(migrated))).toBe('fail overlay_exemption_missing:docker-nftables');
    // Its walls are in maps: what cannot be followed accuses nobody.
    expect(brief(rows['nft-rules'])).toBe('pass');
  });

  test("Docker's rules for a network that was just made stand above for a moment", () => {
    const masked = SAVED.replace(
      '-A POSTROUTING -s 10.244.0.0/16',
      '-A POSTROUTING -s 10.244.3.0/24 ! -o jaco-x -j MASQUERADE\n-A POSTROUTING -s 10.244.0.0/16',
    );
    const young = network('shop', 'new', 3, { createdAtMs: NOW - 5 * SECOND });
    const row = said({ saved: masked, networks: [young] });
    expect(brief(row)).toBe('pass');
    expect(words(row)).toContain('a network was made within the last 30 s');
    const gone = { ...young, jaco: { ...young.jaco, deployment: 'deleted' } } as typeof young;
    expect(brief(said({ saved: masked, networks: [gone] }))).toBe('pass');
    expect(brief(said({ saved: masked, networks: [{ ...young, createdAtMs: NOW - 60 * SECOND }] }))).toBe(
      'fail overlay_exemption_missing:heals',
    );
  });

  test('what stands above and concerns others is a note', () => {
    const saved = SAVED.replace(
      '-A POSTROUTING -s 10.244.0.0/16',
      '-A POSTROUTING -s 192.168.0.0/16 -j MASQUERADE\n-A POSTROUTING -s 10.244.0.0/16',
    );
    const row = said({ saved });
    expect(brief(row)).toBe('pass');
    expect(words(row)).toContain('do not stand first; what stands above them does not concern the pool');
  });

  /** Docker's operator chain with a rule above JACO's that nft itself put there. */
  const blocklist = (elements: readonly (readonly [number, number])[]): NonNullable<Scene['tables']> =>
    capturedTables('nft-ruleset-healthy-scopes.json').map((one) =>
      one.family === 'ip' && one.name === 'filter'
        ? {
            ...one,
            sets: [{ name: 'blocked', elements }],
            chains: one.chains.map((chain) => {
              const [first] = chain.rules;
              if (chain.name !== 'DOCKER-USER' || first === undefined) return chain;
              const drop = { ...first, text: 'ip saddr @blocked drop', verdict: { kind: 'drop' as const } };
              const named = { ...drop, predicates: [{ field: 'saddr' as const, not: false, set: 'blocked' }] };
              return { ...chain, rules: [named, ...chain.rules] };
            }),
          }
        : one,
    );

  test('a block list that nft put into DOCKER-USER reads as a drop of all in iptables-save, and concerns others (live)', () => {
    const saved = SAVED.replace('-A DOCKER-USER -s', '-A DOCKER-USER -j DROP\n-A DOCKER-USER -s');
    const row = said({ saved, tables: blocklist([[0xc0000201, 0xc0000201]]) });
    expect(brief(row)).toBe('pass');
    expect(words(row)).toContain('what stands above them does not concern the pool');
    const ours = said({ saved, tables: blocklist([[0x0af40000, 0x0af400ff]]) });
    expect(brief(ours)).toBe('fail overlay_exemption_missing:heals');
    expect(words(ours)).toContain("above JACO's rules in DOCKER-USER stands ip saddr @blocked drop");
  });

  test('a table that iptables-save leaves out, for nft put into it what it has no word for, is there all the same (live)', () => {
    const saved = `${SAVED.replace(/\*filter[^*]*?COMMIT/, '')}\n# Table \`filter' is incompatible, use 'nft' tool.\n`;
    expect(saved).not.toContain('DOCKER-USER');
    expect(brief(said({ saved, tables: capturedTables('nft-ruleset-healthy-scopes.json') }))).toBe('pass');
  });

  test('they come up to 30 s after a start', () => {
    const row = said({ saved: '*nat\n:POSTROUTING ACCEPT [0:0]\n', started: NOW - 10 * SECOND });
    expect(brief(row)).toBe('pass');
    expect(words(row)).toContain('the daemon writes them up to 30 s after its start');
  });

  test('iptables-legacy wants a lock that the daemon may not open or make', () => {
    const saved = savedFrom('ipt-snat-exempt-removed');
    const legacy = (lock: { uid: number; mode: number } | null) =>
      said({ saved, iptables: { variant: 'legacy', lock } });
    expect(brief(legacy({ uid: 0, mode: 0o600 }))).toBe('fail overlay_exemption_missing:xtables-lock');
    expect(brief(legacy(null))).toBe('fail overlay_exemption_missing:xtables-lock-absent');
    expect(brief(legacy({ uid: 0, mode: 0o644 }))).toBe('fail overlay_exemption_missing:heals');
    expect(brief(said({ saved, uid: 0, iptables: { variant: 'legacy', lock: null } }))).toBe(
      'fail overlay_exemption_missing:heals',
    );
  });

  test('a failure that goes on is quoted from the audit log; one of long ago is not', () => {
    const saved = savedFrom('ipt-raw-flushed');
    const errors = {
      last: 'raw PREROUTING overlay exempt: iptables: exit status 3',
      indexes: ['900', '930', '960', '990'],
    };
    const row = said({ saved, errors });
    expect(brief(row)).toBe('fail overlay_exemption_missing:unknown');
    expect(words(row)).toContain('exit status 3');
    expect(brief(said({ saved, errors: { ...errors, indexes: ['100', '130'] } }))).toBe(
      'fail overlay_exemption_missing:heals',
    );
  });

  test('nobody writes them while the daemon does not run', () => {
    expect(brief(said({ saved: savedFrom('ipt-raw-flushed'), stopped: true }))).toBe(
      'fail overlay_exemption_missing:nobody-writes',
    );
  });

  test('the pool was changed, and networks lie outside', () => {
    const config = 'ipam_pool: 10.200.0.0/16\n';
    const row = said({ config, saved: SAVED.replaceAll('10.244.0.0/16', '10.200.0.0/16') });
    expect(brief(row)).toBe('fail overlay_exemption_missing:pool-changed');
    expect(words(row)).toContain('network jaco_blog_front is 10.244.2.0/24, outside of ipam_pool 10.200.0.0/16');
  });

  test('a single member loses nothing yet, and is told so', () => {
    const saved = savedFrom('ipt-raw-flushed');
    expect(words(said({ saved }))).toContain('this cluster has one member');
    expect(words(said({ saved, members: [member('jaco-1'), member('jaco-2')] }))).not.toContain('one member');
  });
});

describe('kernel-network', () => {
  const said = (scene: Scene) => judgeIsolation(scene)['kernel-network'];

  test('nothing is passed on', () => {
    expect(brief(said({ forwarding: { all: false } }))).toBe('fail ip_forward_disabled:host');
  });

  test('nothing is passed on by an interface of JACO', () => {
    const row = said({ forwarding: { off: ['docker0', 'jaco-5042-61bb'] } });
    expect(brief(row)).toBe('fail ip_forward_disabled:interface');
    expect(row?.findings[0]?.values).toEqual({ interface: 'jaco-5042-61bb' });
    expect(brief(said({ forwarding: { off: ['docker0', 'wlan0'] } }))).toBe('pass');
  });

  test('a strict filter on the mesh is a note', () => {
    expect(words(said({ forwarding: { strict: ['eth0', 'jaco0'] } }))).toContain('rp_filter is strict on jaco0');
  });
});

test('the scene is the captured one', () => {
  expect(SAVED).toContain('-A FORWARD -j DOCKER-USER');
  expect(hostCapture('iptables-healthy-scopes.txt')).toContain('jaco-5042-61bb');
  expect(STARTED).toBeLessThan(NOW);
});
