import { describe, expect, test } from 'vitest';
import { inspectPath, listFolder, readText } from '../../../src/probes/io/files.ts';

describe('files', () => {
  test('absent is not denied, and a folder is not a file', async () => {
    expect(await readText('/nowhere/at/all')).toMatchObject({ failure: { why: 'absent' } });
    expect(await readText('/')).toMatchObject({ failure: { why: 'unreadable', detail: '/: not a regular file' } });
    expect(await inspectPath('/nowhere')).toEqual({ kind: 'absent' });
    expect(await listFolder('/nowhere')).toMatchObject({ failure: { why: 'absent' } });
  });

  test('of /proc have no size and are read all the same', async () => {
    expect(await readText('/proc/self/mountinfo')).toMatchObject({
      kind: 'text',
      text: expect.stringContaining(' / '),
    });
  });
});
