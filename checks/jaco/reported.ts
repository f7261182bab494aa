import { type Id, jacoTextIds } from '../../src/catalog/generated/ids.ts';
import { check } from '../../src/engine/check.ts';
import { type Finding, judged, unknown } from '../../src/engine/finding.ts';
import { WHOLE_OUTPUT } from '../../src/engine/next-step.ts';
import { factOf } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { unrecognisedNote } from '../../src/engine/unrecognised-note.ts';
import { knownLeader } from '../../src/probes/jaco/raft/known-leader.ts';
import { reportedOutput } from '../../src/probes/jaco/reported-output.ts';

type TextId = (typeof jacoTextIds)[number];

/**
 * Judges the output of a failed command. An id that no check can find becomes a finding from the text alone. An id that
 * a check can find is only noted, so that a fault that is over is not reported.
 */
export default check({
  name: 'reported',
  group: 'reported',
  where: 'anywhere',
  title: 'the failed command reported no other fault',
  reads: { reported: reportedOutput, leader: attempt(knownLeader) },
  finds: jacoTextIds,
  judge({ reported: { ids, unrecognised, cut }, leader }) {
    const notes = unrecognised.map((code) => unrecognisedNote(`"${code}" in the text is not in the catalogue`));
    if (cut) notes.push('the text is too long: its middle was not read');
    if (ids.length === 0) return unknown('the text given with --from contains no known id', WHOLE_OUTPUT, { notes });
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
  // Every follower of a healthy cluster answers no_leader to a write (docs/jaco-daemon/errors.md#no-leader). That is
  // not a fault: the write was sent to the wrong node.
  if (id === ('no_leader' satisfies Id) && leader !== null)
    return `no_leader was reported, but there is a leader: a follower answers every write that way. Send the write to ${leader}`;
  return `${id} was reported; the rows above show its current state`;
}
