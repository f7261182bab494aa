import { describe, expect, test } from 'vitest';
import reported from '../../../checks/jaco/reported.ts';
import type { Judgement } from '../../../src/engine/finding.ts';
import { failed, value } from '../../../src/engine/outcome.ts';
import { findIdsInText } from '../../../src/probes/jaco/find-ids-in-text.ts';

const leading = value({ address: '10.0.0.1:7001', hostname: 'jaco-1', grpcAddress: '10.0.0.1:7000' });
const leaderless = {
  kind: 'failed',
  failure: { ...failed('withheld', 'leader', 'none known').failure, root: 'jaco.known-leader' },
} as const;

function judge(text: string, leader: unknown = leading): Judgement {
  const facts = { reported: { ...findIdsInText(text), bytes: text.length, cut: false }, leader };
  return reported.judge(facts as never, 0);
}

describe('what a failed command said', () => {
  test('no_leader from a healthy follower is a note with the leader’s address, and no fault', () => {
    const said = judge('Error: no_leader: apply requires leader\n');
    expect(said).toMatchObject({ kind: 'judged', findings: [] });
    expect(said.notes.join()).toMatch(
      /there is a leader: a follower answers every write so\. Send it to 10\.0\.0\.1:7000/,
    );
  });

  test('no_leader where nobody leads is left to the check that looks, and no address is made up', () => {
    const said = judge('Error: no_leader: apply requires leader\n', leaderless);
    expect(said).toMatchObject({ findings: [] });
    expect(said.notes.join()).toMatch(/no_leader was reported; what is seen of it now stands in the rows above/);
    expect(said.notes.join()).not.toMatch(/:7000/);
  });

  test('a fault that only the command shows is a finding on its word', () => {
    const said = judge('Error: port_conflict: host port 8080 is already published by deployment "shop"\n');
    expect(said).toMatchObject({
      findings: [{ id: 'port_conflict', evidence: ["the command's output reports port_conflict"] }],
    });
  });

  test('a code that nobody knows is shown as it came and taken for no other', () => {
    const said = judge('Error: port_conflicts: host port 8080\n');
    expect(said).toMatchObject({ kind: 'unknown' });
    expect(said.notes.join()).toMatch(/"port_conflicts" in the text is not in the catalogue/);
  });

  test('text without an id is not a clean bill of health', () => {
    expect(judge('all went well\n')).toMatchObject({
      kind: 'unknown',
      reason: 'the text given with --from holds no known id',
    });
  });
});
