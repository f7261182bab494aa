import { clean } from '../engine/text.ts';
import type { Recording } from '../record/recording.ts';

/** One line a probe, in the order in which they ended: when, how long, and what came of it. Facts are not shown. */
export function debugLines({ facts }: Recording): string {
  return [...facts]
    .sort(([, a], [, b]) => a.endedMs - b.endedMs)
    .map(([name, { outcome, startedMs, endedMs }]) => {
      const took = `${Math.round(startedMs)}+${Math.round(endedMs - startedMs)} ms`.padEnd(14);
      const said =
        outcome.kind === 'failed'
          ? `${outcome.failure.why} at ${outcome.failure.phase}: ${outcome.failure.detail}`
          : outcome.kind === 'not-applicable'
            ? `not applicable: ${outcome.reason}`
            : 'ok';
      return `${took} ${name.padEnd(24)} ${clean(said, 200)}\n`;
    })
    .join('');
}
