import { releaseData } from '../../src/catalog/generated/releases.ts';
import type { Situation } from '../../src/engine/situation.ts';

/** The releases that a published release includes; null: the release is not known. */
export function includedBy(release: string | null): Situation['releases'] {
  const place = releaseData.releases.findIndex(({ tag }) => tag === release);
  return releaseData.releases.map(({ tag }, index) => {
    return { tag, included: release === null ? 'unknown' : index >= place ? 'yes' : 'no' };
  });
}
