import { describe, expect, test } from 'vitest';
import nodeIsolation from '../../../checks/jaco/node-isolation.ts';
import { brief, idsAndTextsArePinned } from '../scene.ts';
import { judgeIsolation, line, member, NOW, type Scene } from './scenes/isolation-scene.ts';

const SECOND = 1_000;

describe('node-isolation', () => {
  const unavailable = (reason: string | null) =>
    member('jaco-1', { status: 'isolation_unavailable', statusReason: reason });
  const said = (scene: Scene) => judgeIsolation(scene)['node-isolation'];
  const KERNEL =
    'nft -f /tmp/jaco-nft-1.nft: exit status 1 (output: Error: Could not process rule: No space left on device)';
  const failing = (text: string, atMs = NOW - 5 * SECOND) =>
    line('firewall', 'apply ruleset failed', { error: text, atMs });

  test('another member reports it, and only it knows more', () => {
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

  test('a report from before a restart: the table is complete, and this daemon never failed', () => {
    const row = said({ members: [unavailable(KERNEL)] });
    expect(brief(row)).toBe('fail isolation_unavailable:left-over-status jaco-1');
    expect(row?.findings[0]?.values).toMatchObject({ pid: '226' });
  });

  test('without PrivateTmp nothing clears it', () => {
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
  });

  test('whose report it is cannot be determined without the journal, or right after a start', () => {
    expect(brief(said({ members: [unavailable(null)], log: null }))).toContain(':unknown');
    expect(brief(said({ members: [unavailable(null)], started: NOW - 20 * SECOND }))).toContain(':unknown');
  });

  test('a failure that could not be stored is found in the log', () => {
    const row = said({ log: [failing(KERNEL)], table: { kind: 'absent' } });
    expect(brief(row)).toBe('fail isolation_unavailable:kernel-refused jaco-1');
  });

  test('without a leader nothing stored is judged', () => {
    expect(said({ members: [unavailable(null)], leader: '' })?.status).toBe('unknown');
  });
});

idsAndTextsArePinned('jaco', nodeIsolation);
