import { describe, expect, test } from 'vitest';
import reported from '../../../checks/jaco/reported.ts';
import { jaco } from '../../../checks/jaco.ts';
import { failed, type Outcome, value } from '../../../src/engine/outcome.ts';
import type { Row } from '../../../src/engine/row.ts';
import { findIdsInText } from '../../../src/probes/jaco/find-ids-in-text.ts';
import { brief, idsAndTextsArePinned, judgeFacts, onlyGroups } from '../scene.ts';

const leading = value({ address: '10.0.0.1:7001', hostname: 'jaco-1', grpcAddress: '10.0.0.1:7000' });
const leaderless: Outcome = {
  kind: 'failed',
  failure: { ...failed('withheld', 'leader', 'none known').failure, root: 'jaco.known-leader' },
};

function judge(text: string, leader: Outcome = leading): Row {
  const ids = findIdsInText(text);
  const given = {
    'jaco.reported': value({ ...ids, bytes: text.length, cut: false }),
    'jaco.known-leader': leader,
  };
  return judgeFacts(onlyGroups(jaco, 'reported'), given, { now: 0 })['reported'] as Row;
}

describe('the output of a failed command', () => {
  test('no_leader from a healthy follower is a note with the leader’s address, and no fault', () => {
    const row = judge('Error: no_leader: apply requires leader\n');
    expect(brief(row)).toBe('pass');
    expect(row.notes).toEqual([expect.stringMatching(/no_leader.*10\.0\.0\.1:7000/)]);
  });

  test('no_leader without a leader is left to the check that looks for one, and no address is invented', () => {
    const row = judge('Error: no_leader: apply requires leader\n', leaderless);
    expect(brief(row)).toBe('pass');
    expect(row.notes).toEqual([expect.stringContaining('no_leader')]);
    expect(row.notes.join()).not.toMatch(/:7000/);
  });

  test.each(reported.finds)('%s, which only the command shows, is a finding from its output', (id) => {
    const { findings } = judge(`Error: ${id}: it did not work\n`);
    expect(findings.map((finding) => finding.id)).toEqual([id]);
  });

  test('an unknown code is shown unchanged and not taken for another', () => {
    const row = judge('Error: port_conflicts: host port 8080\n');
    expect(brief(row)).toBe('unknown');
    expect(row.notes).toEqual([expect.stringContaining('"port_conflicts"')]);
  });

  test('text without an id is not a clean bill of health', () => {
    expect(brief(judge('all went well\n'))).toBe('unknown');
  });
});

idsAndTextsArePinned('jaco', reported);
