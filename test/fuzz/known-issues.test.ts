import fc from 'fast-check';
import { expect, test } from 'vitest';
import { releaseData } from '../../src/catalog/generated/releases.ts';
import { judgeReleases } from '../checks/jaco/scenes/releases-scene.ts';

test('no version, however odd, makes an issue match without its signature', () => {
  const piece = fc.constantFrom(
    'v',
    '0',
    '1',
    '2',
    '3',
    '9',
    '.',
    '-',
    '+',
    '~',
    'rc1',
    '-7-g84caadb',
    '-dirty',
    'dev',
  );
  const release = fc.constantFrom(...releaseData.releases.map(({ tag }) => tag));
  const odd = fc.oneof(
    fc.string(),
    release,
    fc.tuple(release, piece).map((parts) => parts.join('')),
    fc.array(piece, { maxLength: 10 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(odd, (running) => {
      const row = judgeReleases({ running });
      expect(row?.findings).toEqual([]);
      expect(row?.status).toBe('pass');
    }),
    { numRuns: 200 },
  );
});
