import type { Row } from '../../src/engine/row.ts';

/** All that a row says, in one text. */
export function words(row: Row | undefined): string {
  return [
    ...(row?.evidence ?? []),
    ...(row?.notes ?? []),
    ...(row?.findings.flatMap((finding) => finding.evidence) ?? []),
    ...(row?.notJudged.map(({ subject, reason }) => `${subject}: ${reason}`) ?? []),
    row?.reason ?? '',
  ].join('\n');
}
