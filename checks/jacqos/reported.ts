import { check } from '../../src/engine/check.ts';
import { judged, unknown } from '../../src/engine/finding.ts';
import { reported } from '../../src/probes/jacqos/reported.ts';

/** Judges only whether the text was understood; the checks of each scope report its ids. */
export default check({
  name: 'reported',
  group: 'reported',
  where: 'anywhere',
  title: 'the failed command named what went wrong',
  reads: { reported },
  finds: [],
  judge({ reported: { present, mentioned, unrecognised, withheld, bytes, cut } }) {
    const unknownWords = unrecognised.map((word) => `"${word}"`).join(', ');
    const notes: string[] = [];
    if (unknownWords !== '')
      notes.push(`not recognised: ${unknownWords}; no page knows it, and it is taken for nothing else`);
    if (withheld > 0) notes.push(`${withheld} more unknown words look like something secret and are not shown`);
    if (cut) notes.push('the text was longer than what is read of it; its middle was not looked at');
    if (bytes === 0)
      return unknown('nothing came with --from; what goes wrong is often told on stderr: put 2>&1 before the pipe');
    if (present.length === 0) {
      for (const { id } of mentioned) notes.push(`${id} stands in the text and is not said to be what is wrong now`);
      const suffix = unknownWords === '' ? '' : `, only ${unknownWords}, which no page knows`;
      return unknown(`the text given with --from names no documented id as wrong now${suffix}`, { notes });
    }
    return judged([], { notes, evidence: [`named: ${present.join(', ')}`] });
  },
});
