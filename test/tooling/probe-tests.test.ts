import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exists, ROOT } from './repository.ts';

/**
 * Whether a test is named after a source file or folder, or after one and the tested part of it: `explain-path-worlds`
 * after `explain-path`.
 */
function isNamedAfterASource(test: string): boolean {
  const words = test.slice(test.lastIndexOf('/') + 1).split('-');
  const folder = test.slice(0, test.lastIndexOf('/') + 1);
  return words.some((_, at) => {
    const source = `src/probes/${folder}${words.slice(0, words.length - at).join('-')}`;
    return exists(`${source}.ts`) || exists(source);
  });
}

test('the tests of probes mirror the probes: each is named after a source in the folder of its source', () => {
  const files = readdirSync(join(ROOT, 'test/probes'), { recursive: true, encoding: 'utf8' });
  const tests = files.filter((file) => file.endsWith('.test.ts')).map((file) => file.slice(0, -'.test.ts'.length));
  expect(tests.length).toBeGreaterThan(50);
  expect(tests.filter((test) => !isNamedAfterASource(test))).toEqual([]);
});

test('a test of something other than a probe does not belong there', () => {
  expect(isNamedAfterASource('jaco/runtime/stored-state')).toBe(false);
  expect(isNamedAfterASource('io/dns/exec')).toBe(false);
});
