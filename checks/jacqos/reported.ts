import { check } from '../../src/engine/check.ts';
import { judged, unknown } from '../../src/engine/finding.ts';
import { reported } from '../../src/probes/jacqos/reported.ts';

/** Judges only whether the text was understood; the checks of each scope report its ids. */
export default check({
  name: 'reported',
  group: 'reported',
  where: 'anywhere',
  title: 'the failed command reported no other fault',
  reads: { reported },
  finds: [],
  judge({ reported: { present, mentioned, unrecognised, withheld, bytes, cut } }) {
    const unknownWords = unrecognised.map((word) => `"${word}"`).join(', ');
    const notes: string[] = [];
    if (unknownWords !== '') notes.push(`not recognised: ${unknownWords}; no page documents it`);
    if (withheld > 0) notes.push(`${withheld} more unknown words look like secrets and are not shown`);
    if (cut) notes.push('the text is too long: its middle was not read');
    if (bytes === 0) return unknown('--from read an empty text; errors are often on stderr: put 2>&1 before the pipe');
    if (present.length === 0) {
      for (const { id } of mentioned) notes.push(`the text contains ${id}, but does not report it as a current fault`);
      const suffix = unknownWords === '' ? '' : `, only ${unknownWords}, which no page documents`;
      return unknown(`the text given with --from reports no documented id as a current fault${suffix}`, { notes });
    }
    return judged([], { notes, evidence: [`named: ${present.join(', ')}`] });
  },
});
