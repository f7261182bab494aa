import { describe, expect, test } from 'vitest';
import { KEPT_FIELDS, MATCHES } from '../../../../src/probes/jaco/journal/matches.ts';

describe('what journalctl is asked for', () => {
  test('never lets the line through that fills a healthy journal', () => {
    // `replica container started` is SUBSYSTEM=runtime/reconciler at priority 6.
    expect(MATCHES).not.toContain('SUBSYSTEM=runtime/reconciler');
    expect(MATCHES).not.toContain('PRIORITY=6');
    expect(MATCHES.filter((match) => match === '_SYSTEMD_UNIT=jaco.service')).toHaveLength(3);
    for (const term of MATCHES.join(' ').split(' + ')) expect(term).toMatch(/jaco\.service/);
  });

  test('keeps no address of a person', () => {
    expect(KEPT_FIELDS as readonly string[]).not.toContain('EMAIL');
  });
});
