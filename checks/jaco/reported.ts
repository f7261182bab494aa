import { type Id, jacoTextIds } from '../../src/catalog/generated/ids.ts';
import { check } from '../../src/engine/check.ts';
import { type Finding, judged, unknown } from '../../src/engine/finding.ts';
import { factOf } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { knownLeader } from '../../src/probes/jaco/raft/known-leader.ts';
import { reported } from '../../src/probes/jaco/reported.ts';

type TextId = (typeof jacoTextIds)[number];

/**
 * What the failed command said. An id that no look can show is a finding on the text's word; one that can be seen is left
 * to the check that looks for it, with a note, so that a fault that has passed is not reported as one.
 */
export default check({
  name: 'reported',
  group: 'reported',
  where: 'anywhere',
  title: 'the failed command reported no other fault',
  reads: { reported, leader: attempt(knownLeader) },
  finds: jacoTextIds,
  judge({ reported: { ids, unrecognised, cut }, leader }) {
    const notes = unrecognised.map((code) => `"${code}" in the text is not in the catalogue`);
    if (cut) notes.push('the text is too long: its middle was not read');
    if (ids.length === 0) return unknown('the text given with --from contains no known id', { notes });
    const known = factOf(leader);
    const findings = ids.filter(isTextId).map((id): Finding<TextId, never> => {
      return { id, subject: null, evidence: [`the command's output contains ${id}`] };
    });
    for (const id of ids) if (!isTextId(id)) notes.push(idNote(id, known?.grpcAddress ?? known?.address ?? null));
    return judged(findings, { notes, evidence: [`reported: ${ids.join(', ')}`] });
  },
});

function isTextId(id: string): id is TextId {
  return (jacoTextIds as readonly string[]).includes(id);
}

function idNote(id: string, leader: string | null): string {
  // Every follower of a healthy cluster answers no_leader to every write (docs/jaco-daemon/errors.md#no-leader): that
  // is no fault but the wrong door.
  if (id === ('no_leader' satisfies Id) && leader !== null)
    return `no_leader was reported, but there is a leader: a follower answers every write that way. Send it to ${leader}`;
  return `${id} was reported; the rows above show its current state`;
}
