import { describe, expect, test } from 'vitest';
import overlayExemptions from '../../../checks/jaco/overlay-exemptions.ts';
import { readNftJson } from '../../../src/probes/host/filter/nft-json.ts';
import { capturedTables } from '../../probes/host/captured-tables.ts';
import { brief, failure, idsAndTextsArePinned, unquoted, words } from '../scene.ts';
import {
  flow,
  judgeIsolation,
  member,
  NOW,
  network,
  REPLICAS,
  SAVED,
  type Scene,
  SILENT,
  savedFrom,
} from './scenes/isolation-scene.ts';

const SECOND = 1_000;

describe('overlay-exemptions', () => {
  const said = (scene: Scene, now = NOW) => judgeIsolation(scene, now)['overlay-exemptions'];

  test.each([
    ['ipt-snat-exempt-removed', 'nat POSTROUTING'],
    ['ipt-raw-flushed', 'raw PREROUTING'],
    ['ipt-docker-user-flushed', 'DOCKER-USER'],
  ])('%s', (name, quoted) => {
    const row = said({ saved: savedFrom(name) });
    expect(brief(row)).toBe('fail overlay_exemption_missing:heals');
    expect(unquoted(row, quoted, '30 s')).toEqual([]);
  });

  test('other software drops the pool above JACO’s rules: that rule is the fault, not the position of JACO’s', () => {
    const row = said({ saved: savedFrom('ipt-docker-user-drop-on-top') });
    expect(brief(row)).toBe('pass');
    expect(unquoted(row, '-A DOCKER-USER -s 10.244.0.0/16 -j DROP')).toEqual([]);
  });

  test.each([
    ['other software, for the mesh', '-A PREROUTING -i jaco0 -j DROP', 'pass'],
    [
      'Docker, for a container that just started',
      '-A PREROUTING -d 10.244.1.2/32 ! -i jaco-5042-1b78 -j DROP',
      'fail overlay_exemption_missing:heals',
    ],
  ])('a drop in raw above JACO’s rules is of %s', (_, top, expected) => {
    const saved = SAVED.replace('-A PREROUTING -s', `${top}\n-A PREROUTING -s`);
    expect(saved).toContain(top);
    const tables = capturedTables('nft-ruleset-healthy-scopes.json').filter(({ name }) => name !== 'raw');
    expect(brief(said({ saved, tables }))).toBe(expected);
  });

  test('a chain of other software above ours that drops some and accepts others hides our rules', () => {
    const top = '-A DOCKER-USER -j GUARD\n';
    const chain = (...rules: readonly string[]) =>
      SAVED.replace(/(-A DOCKER-USER)/, `${top}$1`)
        .replace(/^:DOCKER-USER/m, ':GUARD - [0:0]\n:DOCKER-USER')
        .replace(top, `${rules.map((rule) => `-A GUARD ${rule}\n`).join('')}${top}`);
    expect(brief(said({ saved: chain('-s 10.244.0.0/16 -j DROP') }))).toBe('pass');
    expect(brief(said({ saved: chain('-p udp -j DROP', '-s 10.244.0.0/16 -j ACCEPT') }))).toBe(
      'fail overlay_exemption_missing:heals',
    );
  });

  test("Docker's chain does not exist, or no rule jumps to it", () => {
    const gone = SAVED.split('\n')
      .filter((text) => !text.includes('DOCKER-USER'))
      .join('\n');
    expect(brief(said({ saved: gone }))).toBe('fail overlay_exemption_missing:docker-user-missing');
    // Docker from snap, or Podman instead: there is no docker.service to restart.
    expect(brief(said({ saved: gone, dockerLoad: 'not-found' }))).toBe(
      'fail overlay_exemption_missing:docker-elsewhere',
    );
    const unreached = SAVED.replace('-A FORWARD -j DOCKER-USER\n', '');
    const row = said({ saved: unreached });
    expect(brief(row)).toBe('fail overlay_exemption_missing:docker-user-missing');
    expect(unquoted(row, 'FORWARD')).toEqual([]);
  });

  test("Docker's address translation is reported as missing only if it is", () => {
    const unreached = SAVED.replace('-A FORWARD -j DOCKER-USER\n', '');
    expect(words(said({ saved: unreached }))).not.toContain('address translation is missing');
    const flushed = unreached.replace(/^-A POSTROUTING .*MASQUERADE.*$/gm, '');
    expect(words(said({ saved: flushed }))).toContain('address translation is missing');
  });

  test('a Docker that writes nftables makes no DOCKER-USER, and no restart of it brings one', () => {
    const saved = SAVED.replace(/\*filter[^*]*?COMMIT/, '');
    // The base chain that Docker 29 writes, in nft's JSON.
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
    expect(row?.findings).toHaveLength(1);
    // Until the next boot the old chain remains, with JACO's rules in it, but Docker's own table ignores them.
    const migrated = { tables: [...capturedTables('nft-ruleset-healthy-scopes.json'), ...bridges.tables] };
    expect(brief(said(migrated))).toBe('fail overlay_exemption_missing:docker-nftables');
    // Its drops are in maps, and a map that cannot be followed is not reported.
    expect(brief(rows['nft-rules'])).toBe('pass');
  });

  test("Docker's rules for a network that was just created are above for a moment", () => {
    const masked = SAVED.replace(
      '-A POSTROUTING -s 10.244.0.0/16',
      '-A POSTROUTING -s 10.244.3.0/24 ! -o jaco-x -j MASQUERADE\n-A POSTROUTING -s 10.244.0.0/16',
    );
    const young = network('shop', 'new', 3, { createdAtMs: NOW - 5 * SECOND });
    const row = said({ saved: masked, networks: [young] });
    expect(brief(row)).toBe('pass');
    expect(unquoted(row, '30 s')).toEqual([]);
    const gone = { ...young, jaco: { ...young.jaco, deployment: 'deleted' } } as typeof young;
    expect(brief(said({ saved: masked, networks: [gone] }))).toBe('pass');
    expect(brief(said({ saved: masked, networks: [{ ...young, createdAtMs: NOW - 60 * SECOND }] }))).toBe(
      'fail overlay_exemption_missing:heals',
    );
    // A frozen Docker does not say when it made the network; the replica that was just started does.
    const frozen = failure('docker.networks', 'silent', 'answer', 'no answer');
    const started = (agoMs: number) => REPLICAS.map((one) => ({ ...one, startedAtMs: NOW - agoMs }));
    expect(brief(said({ saved: masked, networks: frozen, replicas: started(5 * SECOND) }))).toBe('pass');
    expect(brief(said({ saved: masked, networks: frozen, replicas: started(60 * SECOND) }))).toBe(
      'fail overlay_exemption_missing:heals',
    );
  });

  test('rules above that concern other traffic are a note', () => {
    const saved = SAVED.replace(
      '-A POSTROUTING -s 10.244.0.0/16',
      '-A POSTROUTING -s 192.168.0.0/16 -j MASQUERADE\n-A POSTROUTING -s 10.244.0.0/16',
    );
    const row = said({ saved });
    expect(brief(row)).toBe('pass');
  });

  /** Docker's operator chain with a rule above JACO's that nft itself inserted. */
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

  test.each([
    '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -m connlimit --connlimit-above 500 --connlimit-mask 32 --connlimit-saddr',
    '-i jaco-+ -m time --timestart 22:00:00 --timestop 22:10:00',
  ])('a limit above JACO’s rules is a note, for it may never apply: %s', (match) => {
    const saved = SAVED.replace('-A DOCKER-USER -s', `-A DOCKER-USER ${match} -j DROP\n-A DOCKER-USER -s`);
    const tables = capturedTables('nft-ruleset-healthy-scopes.json').filter(
      ({ family, name }) => family !== 'ip' || name !== 'filter',
    );
    const row = said({ saved, tables });
    expect(brief(row)).toBe('pass');
    expect(row?.notes).toHaveLength(1);
  });

  test('a block list that nft put into DOCKER-USER reads as a drop of all in iptables-save, and concerns others', () => {
    const saved = SAVED.replace('-A DOCKER-USER -s', '-A DOCKER-USER -j DROP\n-A DOCKER-USER -s');
    const row = said({ saved, tables: blocklist([[0xc0000201, 0xc0000201]]) });
    expect(brief(row)).toBe('pass');
    const ours = { saved, tables: blocklist([[0x0af40000, 0x0af4ffff]]) };
    expect(brief(said(ours))).toBe('pass');
    expect(unquoted(said(ours), 'ip saddr @blocked drop')).toEqual([]);
    const rows = judgeIsolation({ ...ours, flows: [flow('next-hop', 'jaco_shop_front', SILENT)] });
    expect(brief(rows['container-traffic'])).toBe('fail foreign_firewall_drop:docker-user');
  });

  test('a table that iptables-save omits, because nft added a rule that it cannot express, is still judged', () => {
    const saved = `${SAVED.replace(/\*filter[^*]*?COMMIT/, '')}\n# Table \`filter' is incompatible, use 'nft' tool.\n`;
    expect(saved).not.toContain('DOCKER-USER');
    expect(brief(said({ saved, tables: capturedTables('nft-ruleset-healthy-scopes.json') }))).toBe('pass');
  });

  test('they come up to 30 s after a start', () => {
    const row = said({ saved: '*nat\n:POSTROUTING ACCEPT [0:0]\n', started: NOW - 10 * SECOND });
    expect(brief(row)).toBe('pass');
    expect(unquoted(row, '30 s')).toEqual([]);
  });

  test('but not if the lock of iptables-legacy prevents the daemon from writing them', () => {
    const saved = '*nat\n:POSTROUTING ACCEPT [0:0]\n';
    const lock = { uid: 0, mode: 0o600 };
    const row = said({ saved, started: NOW - 10 * SECOND, iptables: { variant: 'legacy', lock } });
    expect(brief(row)).toBe('fail overlay_exemption_missing:xtables-lock');
    const open = { variant: 'legacy', lock: { uid: 0, mode: 0o644 } } as const;
    expect(brief(said({ saved, started: NOW - 10 * SECOND, iptables: open }))).toBe('pass');
  });

  test('iptables-legacy needs a lock that the daemon may not open or create', () => {
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

  test('a lasting failure is quoted from the audit log; an old one is not', () => {
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

  test('they are not written while the daemon does not run', () => {
    expect(brief(said({ saved: savedFrom('ipt-raw-flushed'), stopped: true }))).toBe(
      'fail overlay_exemption_missing:not-managed',
    );
  });

  test('the pool was changed, and networks are outside', () => {
    const config = 'ipam_pool: 10.200.0.0/16\n';
    const row = said({ config, saved: SAVED.replaceAll('10.244.0.0/16', '10.200.0.0/16') });
    expect(brief(row)).toBe('fail overlay_exemption_missing:pool-changed');
    expect(unquoted(row, 'jaco_blog_front', '10.244.2.0/24', 'ipam_pool', '10.200.0.0/16')).toEqual([]);
  });

  test('a single member loses nothing yet, which is noted', () => {
    const saved = savedFrom('ipt-raw-flushed');
    const alone = said({ saved });
    expect(brief(alone)).toBe('fail overlay_exemption_missing:heals');
    const two = said({ saved, members: [member('jaco-1'), member('jaco-2')] });
    expect(brief(two)).toBe('fail overlay_exemption_missing:heals');
    expect(alone?.findings[0]?.evidence).toHaveLength((two?.findings[0]?.evidence.length ?? 0) + 1);
  });
});

idsAndTextsArePinned('jaco', overlayExemptions);
