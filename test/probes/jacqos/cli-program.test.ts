import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cliProgram } from '../../../src/probes/jacqos/cli-program.ts';
import { look } from './look.ts';
import { root } from './stand-in-app.ts';

describe('the command on PATH', () => {
  const bins = (name: string): string => {
    const folder = join(root, name);
    mkdirSync(folder);
    return folder;
  };
  const put = (folder: string, mode: number): void => {
    writeFileSync(join(folder, 'jacqos'), '#!/bin/sh\n');
    chmodSync(join(folder, 'jacqos'), mode);
  };

  test('is the first one that may be run', async () => {
    const [one, two, three] = [bins('one'), bins('two'), bins('three')];
    mkdirSync(join(one, 'jacqos'));
    put(three, 0o755);
    put(two, 0o755);
    expect(await look(cliProgram, { env: { PATH: `${one}:${two}:${three}` } })).toMatchObject({
      value: { path: join(two, 'jacqos') },
    });
  });

  test('is never one in the current folder', async () => {
    put(bins('here'), 0o755);
    for (const PATH of ['here', '.', '', `:${'here'}`, undefined])
      expect(await look(cliProgram, { env: { PATH } })).toMatchObject({ failure: { why: 'missing-tool' } });
  });

  test('that may not be run differs from none', async () => {
    const folder = bins('closed');
    put(folder, 0o644);
    expect(await look(cliProgram, { env: { PATH: folder } })).toMatchObject({
      failure: { why: 'denied', detail: expect.stringContaining(folder) },
    });
  });
});
