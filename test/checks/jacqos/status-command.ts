import { describe, expect, test } from 'vitest';
import type { Check } from '../../../src/engine/check.ts';
import { brief, words } from '../scene.ts';
import { judgeScene, printed, refused, type Scene } from './scene.ts';

/** The tests for a check that reads the answer of a status command of the product. */
export function describeStatusCommand({ name, finds }: Check, command: 'readiness' | 'status', good: object): void {
  describe('what the command answers', () => {
    const judged = (answer: Scene['readiness']) => judgeScene({ [command]: answer } as Scene)[name];

    test('passes on words that also count, and shows them', () => {
      expect(brief(judged(printed(good)))).toBe('pass');
      expect(brief(judged(printed(`working on it…\n${JSON.stringify(good)}\n`)))).toBe('pass');
    });

    test.each<[string, Scene['readiness'], RegExp]>([
      ['nothing in it', printed({}), /does not report a state/],
      ['a bare string', printed('"ready"'), /answered without JSON/],
      ['prose', printed('all is ready'), /answered without JSON/],
      ['silence', printed(''), /answered without JSON/],
      ['a word that no page documents', printed({ lifecycle: 'hibernating' }), /lifecycle: hibernating/],
      ['a state that is false', printed({ ready: false }), /ready: false/],
      ['a good word of a command that failed', printed(good, 3), /exit 3/],
      ['damage', printed('{"lifecycle":"active",'), /is damaged/],
      ['more than is read', printed(good, 0, { cut: true }), /printed more than the doctor reads/],
      ['no end', printed(good, 0, { code: null, end: 'limit' }), /did not end in time/],
      ['a signal', printed(good, 0, { code: null, end: 'signal' }), /was ended by a signal/],
      ['an id of tomorrow', printed({ ...good, error: { code: 'region_moved' } }), /"region_moved"/],
      [
        'a word that may be a secret',
        printed({ ...good, errors: ['sk_live_4f3a2b1c9d8e7f6a'] }),
        /1 that look like secrets/,
      ],
    ])('is unknown on %s', (_what, answer, says) => {
      const found = judged(answer);
      expect(brief(found)).toBe('unknown');
      expect(found?.reason).toMatch(says);
      expect(words(found)).not.toMatch(/4f3a2b1c/);
    });

    test.each(finds)('names %s, which is found and nothing else', (id) => {
      expect(judged(printed({ error: { id } }, 1))?.findings.map((finding) => finding.id)).toEqual([id]);
    });

    test('is unknown if the command could not be run, with the reason', () => {
      const found = judged(refused(command, 'timeout', 'no answer within 9000 ms', 'run'));
      expect(brief(found)).toBe('unknown');
      expect(found?.reason).toBe('no answer within 9000 ms');
    });
  });
}
