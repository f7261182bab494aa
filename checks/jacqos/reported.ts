import { check } from '../../src/engine/check.ts';
import { judged, unknown } from '../../src/engine/finding.ts';
import { type NextStep, WHOLE_OUTPUT } from '../../src/engine/next-step.ts';
import { unrecognisedNote } from '../../src/engine/unrecognised-note.ts';
import { reportedOutput } from '../../src/probes/jacqos/reported-output.ts';

/** Words that every failed command may print. */
const FAILED = /^(?:failed|failure|error|false)$/i;

const ASK: NextStep = {
  kind: 'do',
  text: 'Look for the word in JacqOS Studio, or ask JacqOS support: no page documents it.',
};

/** Judges only whether the text was understood. The check of each subject reports its ids. */
export default check({
  name: 'reported',
  group: 'reported',
  where: 'anywhere',
  title: 'the failed command reported no other fault',
  reads: { reported: reportedOutput },
  finds: [],
  judge({ reported: { present, mentioned, unrecognised, withheld, words, bytes, cut } }) {
    const states = words.filter((one) => one.standing === 'other' && !FAILED.test(one.word));
    const unknownWords = [...unrecognised, ...states.map(({ key, word }) => `${key}: ${word}`)]
      .map((word) => `"${word}"`)
      .join(', ');
    const notes: string[] = [];
    if (unknownWords !== '') notes.push(unrecognisedNote(`${unknownWords}; no page documents it`));
    if (withheld > 0) notes.push(`${withheld} more unknown words look like secrets and are not shown`);
    if (cut) notes.push('the text is too long: its middle was not read');
    if (bytes === 0) return unknown('--from read an empty text; errors are often on stderr', WHOLE_OUTPUT);
    if (present.length === 0) {
      for (const { id } of mentioned) notes.push(`the text contains ${id}, but does not report it as a current fault`);
      const suffix = unknownWords === '' ? '' : `, only ${unknownWords}, which no page documents`;
      return unknown(
        `the text given with --from reports no documented id as a current fault${suffix}`,
        unknownWords === '' ? WHOLE_OUTPUT : ASK,
        {
          notes,
        },
      );
    }
    return judged([], { notes, evidence: [`named: ${present.join(', ')}`] });
  },
});
