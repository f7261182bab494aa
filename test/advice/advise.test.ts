import { expect, test } from 'vitest';
import { advise } from '../../src/advice/advise.ts';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import type { Id } from '../../src/catalog/generated/ids.ts';
import type { AnyFinding } from '../../src/engine/finding.ts';
import type { Situation } from '../../src/engine/situation.ts';
import { shellLine } from '../../src/report/wrap.ts';
import { includedBy } from './included-by.ts';

const catalog = await loadCatalog('jaco');
const invocation = { command: ['jaco-doctor'], flags: ['--socket', '/run/other.sock'], selection: [] };
const host: Situation = {
  host: 'jaco-2',
  version: 'v0.3.9',
  leader: 'jaco-1 (10.0.0.1:7001)',
  leaderless: null,
  needed: [],
  values: {
    unit: 'jaco',
    config: '/etc/jaco/jacod.yaml',
    leader_grpc: '10.0.0.1:7000',
    leader_name: 'jaco-1',
    data_dir: '/var/lib/jaco',
  },
  holds: ['leader', 'systemd', 'raft-state'],
  releases: includedBy('v0.3.9'),
  assumed: [],
  via: null,
  asRoot: true,
  withhold: null,
  nothingHere: null,
};

function advice(id: Id, finding: Partial<AnyFinding> = {}, situation: Partial<Situation> = {}) {
  return advise(
    catalog.entry(id),
    { id, subject: null, evidence: [], ...finding },
    { ...host, ...situation },
    invocation,
  );
}

const commands = (of: ReturnType<typeof advice>): string[] =>
  of.fix.flatMap((step) => (step.run === null ? [] : [shellLine(step.run)]));

test('the unit is called what it is called here, and the pages’ jacod is never printed as a unit', () => {
  for (const { id } of catalog.entries) {
    for (const line of commands(advice(id as Id))) expect(line).not.toMatch(/systemctl .*\bjacod\b|-u jacod\b/);
  }
});

test('verify repeats how this run was called', () => {
  expect(advice('no_leader').verify).toEqual(['jaco-doctor', '--only', 'raft-leader', '--socket', '/run/other.sock']);
});

test('on a host without systemd a step that the catalogue has for it is printed once', () => {
  const steps = (id: 'daemon_unreachable', cause: string) =>
    advice(id, { cause } as never, { holds: ['no-systemd', 'raft-state'] }).fix.filter(
      ({ effect }) => effect === 'restart',
    );
  for (const cause of ['not-running', 'stale-socket', 'no-socket-file'])
    expect([cause, steps('daemon_unreachable', cause).length]).toEqual([cause, 1]);
});

test('a restart of a voter that the majority needs says so; no other step and no other node does', () => {
  const notes = (needed: readonly string[]) =>
    advice('config_invalid', { cause: 'bad-value', node: 'jaco-2' } as never, { needed })
      .fix.filter(({ note }) => note?.includes('majority'))
      .map(({ effect }) => effect);
  expect(notes(['jaco-1', 'jaco-2'])).toEqual(['restart']);
  expect(notes(['jaco-1'])).toEqual([]);
});

test('the name of a wildcard domain is quoted in the pattern of journalctl, and nowhere else', () => {
  const found = { cause: 'other', values: { domain: '*.shop.test' } } as never;
  const printed = commands(advice('cert_failed', found)).join('\n');
  expect(printed).toContain(String.raw`--grep '\*.shop.test'`);
});

test('a rule that drops traffic to this host gets another exemption than one that drops forwarded traffic', () => {
  const ways = (cause: string) =>
    advice('foreign_firewall_drop', {
      cause,
      values: { rule: 'the rule', pool: '10.0.0.0/8', family: 'ip', table: 'filter', chain: 'INPUT' },
    } as never)
      .fix.map((step) => step.do ?? '')
      .filter((text) => text.includes('ufw:'));
  for (const cause of ['nft-input', 'iptables-input', 'legacy-input']) {
    expect(ways(cause).join()).toMatch(/port 53 from the pool 10\.0\.0\.0\/8/);
    expect(ways(cause).join()).not.toMatch(/route allow/);
  }
  for (const cause of ['nft-forward', 'iptables-forward', 'docker-user'])
    expect(ways(cause).join()).toMatch(/ufw: .*route allow/);
});

test('on a host without systemd the daemon is restarted with the host’s own program', () => {
  const { fix } = advice(
    'hostname_changed',
    { values: { old_hostname: 'jaco-1' } },
    { holds: ['no-systemd', 'raft-state'] },
  );
  expect(JSON.stringify(fix)).not.toMatch(/systemctl/);
  expect(fix.map((step) => step.do).join('\n')).toMatch(/service manager or start script of this host/);
});

test('a leader that only the peers know is leader enough for the steps that ask one', () => {
  const unled = { holds: ['systemd', 'raft-state'], leader: null, values: { unit: 'jaco' } } as const;
  const found = { cause: 'removed', values: { leader_name: 'jaco-3', leader_grpc: '10.0.0.3:7000' } };
  expect(commands(advice('node_not_member', found, unled)).join('\n')).toMatch(
    /--server 10\.0\.0\.3:7000[\s\S]*systemctl disable --now jaco/,
  );
  expect(commands(advice('node_not_member', { cause: 'removed' }, unled))).toEqual([]);
});

test('only the steps of the observed cause are printed', () => {
  const [gone, duplicate] = [
    advice('config_invalid', { cause: 'empty-file' }),
    advice('config_invalid', { cause: 'duplicate-key', values: { key: 'dns' } }),
  ];
  expect(JSON.stringify(gone.fix)).toMatch(/has only comments/);
  expect(JSON.stringify(gone.fix)).not.toMatch(/ twice; keep/);
  expect(JSON.stringify(duplicate.fix)).toMatch(/The key dns is in .* twice/);
});

test('a value that could not be determined stays a placeholder that asks for it, never an empty word', () => {
  const { fix } = advice('config_invalid', { cause: 'empty-file' }, { values: {} });
  const text = JSON.stringify(fix);
  expect(text).toMatch(/<config>/);
  expect(text).toMatch(/<config> could not be determined here/);
  expect(text).not.toMatch(/\{[a-z_]+\}/);
});

test('the address of an unknown leader is asked for with its form', () => {
  const { fix } = advice('cluster_uninitialized', {}, { holds: ['no-raft-state'], values: {} });
  expect(JSON.stringify(fix)).toMatch(/eplace <leader-grpc> with the leader's address and operator port/);
});

test('that another host may not run systemd is said once in the advice on a finding', () => {
  const { fix } = advice('quorum_lost', { cause: 'members-silent', node: 'jaco-3' } as never, {
    holds: ['no-systemd'],
  });
  expect(fix.filter(({ note }) => note?.includes('does not run systemd'))).toHaveLength(1);
});

test('cluster init is never printed if raft state is on the disk or was not looked for', () => {
  for (const holds of [['systemd', 'raft-state'], ['systemd']]) {
    for (const { id } of catalog.entries) {
      for (const line of commands(advice(id as Id, {}, { holds }))) expect(line).not.toMatch(/cluster init|node join/);
    }
  }
  expect(commands(advice('cluster_uninitialized', {}, { holds: ['no-raft-state'] })).join('\n')).toMatch(
    /jaco cluster init/,
  );
});

test('no step destroys data while the state of the cluster is unknown, and the report says that one is withheld', () => {
  const withhold = 'this host holds raft state and knows no leader';
  for (const entry of catalog.entries) {
    const causes = [undefined, ...new Set(entry.fix.flatMap((step) => step.for))];
    for (const cause of causes) {
      const { fix } = advice(entry.id as Id, cause === undefined ? {} : { cause }, {
        withhold,
        holds: ['systemd', 'no-raft-state', 'leader'],
      });
      expect(fix.filter((step) => step.effect === 'destructive')).toEqual([]);
    }
  }
  const risky = catalog.entries.find((entry) =>
    entry.fix.some((step) => step.effect === 'destructive' && step.for.length === 0 && step.when.length === 0),
  );
  expect(JSON.stringify(advice(risky?.id as Id, {}, { withhold }).fix)).toContain(withhold);
});

test('a value from outside cannot break out of its word in a printed command', () => {
  const { fix } = advice('quorum_lost', {
    cause: 'members-silent',
    subject: null,
    values: { silent: "x'; rm -rf / #" },
  });
  for (const step of fix) if (step.run) expect(shellLine(step.run)).not.toMatch(/(^|[^\\'])'; rm/);
});

test('a step fits the running release, and names its range if the release is unknown', () => {
  const wrong = { cause: 'rules' } as const;
  const on = (release: string | null) => advice('isolation_rules_wrong', wrong, { releases: includedBy(release) });
  expect(commands(on('v0.3.9')).join('\n')).toContain('nft add set inet jaco rewrite');
  expect(commands(on('v0.3.9')).join('\n')).not.toContain('nft delete table');
  expect(commands(on('v0.1.1')).join('\n')).toContain('nft delete table inet jaco');
  expect(commands(on('v0.1.1')).join('\n')).not.toContain('nft add set');
  expect(
    on('v0.1.1')
      .fix.map(({ note }) => note ?? '')
      .join(),
  ).not.toMatch(/only on/i);
  const both = on(null).fix.filter(({ run }) => run?.[0] === 'nft' && run[1] !== 'list');
  expect(both.map(({ run, note }) => [run?.[1], /only on v\S+ and \w+/i.exec(note ?? '')?.[0].toLowerCase()])).toEqual([
    ['add', 'only on v0.1.2 and later'],
    ['delete', 'only on v0.1.1 and earlier'],
  ]);
});
