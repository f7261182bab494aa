import { check } from '../../src/engine/check.ts';
import { judged, unknown } from '../../src/engine/finding.ts';
import { reported } from '../../src/probes/jacqos/reported.ts';

/** Its ids belong to the checks of their scopes; here it is only said whether the text was understood. */
export default check({
  name: 'reported',
  group: 'reported',
  where: 'anywhere',
  title: 'the failed command named what went wrong',
  reads: { reported },
  finds: [],
  judge({ reported: { present, mentioned, unrecognised, withheld, cut } }) {
    const notes = unrecognised.map(
      (word) => `"${word}" is in no catalogue; it is shown as it came and taken for nothing else`,
    );
    if (withheld > 0) notes.push(`${withheld} more unknown words look like something secret and are not shown`);
    if (cut) notes.push('the text was longer than what is read of it; its end was not looked at');
    if (present.length === 0) {
      for (const { id } of mentioned) notes.push(`${id} stands in the text and is not said to be what is wrong now`);
      return unknown('the text given with --from names no documented id as wrong now', { notes });
    }
    return judged([], { notes, evidence: [`named: ${present.join(', ')}`] });
  },
});
