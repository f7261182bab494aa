import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { appDir } from '../../../src/probes/jacqos/app-dir.ts';
import { look } from './look.ts';
import { app, settings } from './stand-in-app.ts';

describe('jacqos.toml', () => {
  test('returns the id of the app', async () => {
    expect(await look(appDir, { settings: settings() })).toMatchObject({
      value: { toml: 'there', appId: 'shop', problem: null },
    });
  });

  test.each([
    ['is not TOML', 'app_id = \n', { toml: 'unreadable', problem: expect.stringMatching(/is not TOML at line 1$/) }],
    ['has no id', 'app_version = "1"\n', { toml: 'there', problem: expect.stringMatching(/has no app_id$/) }],
    ['has a blank id', 'app_id = "  "\n', { problem: expect.stringMatching(/has no app_id$/) }],
    [
      'has an id that is a path',
      'app_id = "../../etc/passwd"\n',
      { problem: expect.stringMatching(/cannot be the name of a file$/) },
    ],
  ])('that %s is reported', async (_what, text, wanted) => {
    app.write('jacqos.toml', text);
    expect(await look(appDir, { settings: settings() })).toMatchObject({ value: { appId: null, ...wanted } });
  });

  test('that is not there makes no app of the folder', async () => {
    rmSync(join(app.dir, 'jacqos.toml'));
    expect(await look(appDir, { settings: settings() })).toMatchObject({ value: { toml: 'absent', problem: null } });
  });
});
