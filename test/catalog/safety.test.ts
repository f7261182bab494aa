import { expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/catalog.ts';

const { entries } = await loadCatalog('jaco');

const steps = entries.flatMap((entry) => entry.fix.map((step) => ({ id: entry.id, step })));
const commands = steps.flatMap(({ id, step }) => (step.run === null ? [] : [{ id, step, line: step.run.join(' ') }]));
const advice = steps.map(({ id, step }) => ({
  id,
  text: [step.why, step.do ?? '', step.note ?? '', ...(step.run ?? [])].join(' '),
}));

test('no step removes a node: of a dead one among three it demotes a living voter, and the cluster has no leader', () => {
  for (const { id, text } of advice) expect(text, id).not.toMatch(/node remove/);
});

test('init and join are only printed without raft state: a node whose data could not be read would start a second cluster', () => {
  for (const { id, step, line } of commands)
    if (/^jaco (cluster init|node join)\b/.test(line)) expect(step.when, id).toContain('no-raft-state');
  const elsewhere = advice.filter(
    ({ id, text }) => /cluster init|node join/.test(text) && id !== 'cluster_uninitialized',
  );
  expect(elsewhere).toEqual([]);
});

test('no step wipes the data directory: after a failed resume it contains what brings the cluster back', () => {
  for (const { id, text } of advice) expect(text, id).not.toMatch(/\brm -r|\brm\b.*\{data_dir\}|\/var\/lib\/jaco\/\*/);
  for (const { id, line } of commands) expect(line, id).not.toMatch(/^(rm|mv|dd|truncate|wipefs|mkfs)\b/);
});

test('the unit is never called jacod: no such unit exists, and the restart would do nothing', () => {
  for (const { id, text } of advice) expect(text, id).not.toMatch(/systemctl \S+ jacod|-u jacod|jacod\.service/);
  for (const { id, line } of commands)
    if (/^systemctl (start|restart|status|show|cat|enable|disable)/.test(line))
      expect(line, id).toMatch(/\{unit\}|\{socket_unit\}|docker/);
});

test('self-upgrade is never advised: at v0.3.9 it ends in upgrade_verification_failed for everybody', () => {
  for (const { id, text } of advice) expect(text, id).not.toMatch(/self-upgrade/);
});

test('the audit is never read with --since: that drops every event without a time, the certificates among them', () => {
  for (const { id, line } of commands) if (line.startsWith('jaco audit')) expect(line, id).not.toContain('--since');
});

test('nothing is run inside a workload, and no variable is set that no program reads', () => {
  for (const { id, text } of advice) expect(text, id).not.toMatch(/docker exec|JACO_OTLP/);
});

test('jacod is only asked for --version: jacod version starts a second daemon on the same data', () => {
  for (const { id, step } of commands)
    if (step.run?.[0] === 'jacod') expect(step.run, id).toEqual(['jacod', '--version']);
});

test('backup is never advised: --output FILE trips over its own flag', () => {
  for (const { id, line } of commands) expect(line, id).not.toMatch(/^jaco (backup|restore)\b/);
});

test('no step revokes a token: without a second valid one, no new token can be issued', () => {
  for (const { id, text } of advice) expect(text, id).not.toMatch(/token revoke\b/);
});

test('no named volume is removed: one with a bare name may contain the data from before v0.2.1', () => {
  for (const { id, text } of advice) expect(text, id).not.toMatch(/docker volume (rm|prune)|system prune/);
});

test('what destroys comes last', () => {
  for (const entry of entries) {
    const effects = entry.fix.map((step) => step.effect === 'destructive');
    expect(effects, entry.id).toEqual([...effects].sort());
  }
});

test('deleting a deployment is destructive in each step, and needs a known leader', () => {
  const deletes = commands.filter(({ line }) => line.startsWith('jaco delete'));
  expect(deletes.length).toBeGreaterThan(0);
  for (const { id, step } of deletes) {
    expect(step.effect, id).toBe('destructive');
    expect(step.when, id).toContain('leader');
  }
});

test('the cure of a lost majority is a voter with its data, and the first restart is on another node', () => {
  const lost = entries.find((entry) => entry.id === 'quorum_lost');
  const restarts = lost?.fix.filter((step) => step.effect === 'restart') ?? [];
  expect(restarts.length).toBeGreaterThan(0);
  for (const step of restarts) expect(step.on).toBe('other-node');
  expect(lost?.fix.some((step) => step.effect === 'destructive' || step.effect === 'write')).toBe(false);
});

test('no step applies the same manifest to start a replica: that changes nothing', () => {
  for (const { id, text } of advice) expect(text, id).not.toMatch(/apply the same manifest/i);
});
