import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sessionFolder } from '../../../src/probes/jacqos/session-folder.ts';
import { look } from './look.ts';
import { app, settings } from './stand-in-app.ts';

describe('.jacqos/cloud', () => {
  test('with digests in it contains no secret', async () => {
    expect(await look(sessionFolder, { settings: settings() })).toMatchObject({
      value: {
        kind: 'folder',
        files: 1,
        unread: 0,
        writable: true,
        writesTo: join(app.dir, '.jacqos/cloud'),
        secrets: [],
      },
    });
  });

  test('with a key deep in it is reported with the file', async () => {
    app.write('.jacqos/cloud/a/b/key.pem', '-----BEGIN PRIVATE KEY-----\nabc\n');
    const seen = await look(sessionFolder, { settings: settings() });
    expect(seen).toMatchObject({
      value: { files: 2, secrets: [{ file: join(app.dir, '.jacqos/cloud/a/b/key.pem'), kind: 'a private key' }] },
    });
  });

  test('that is not there would be made in the nearest folder above it', async () => {
    rmSync(join(app.dir, '.jacqos'), { recursive: true });
    expect(await look(sessionFolder, { settings: settings() })).toMatchObject({
      value: { kind: 'absent', writesTo: app.dir, writable: true, files: 0 },
    });
  });

  test('that is a file takes no session', async () => {
    rmSync(join(app.dir, '.jacqos/cloud'), { recursive: true });
    app.write('.jacqos/cloud', 'a file');
    expect(await look(sessionFolder, { settings: settings() })).toMatchObject({
      value: { kind: 'not-a-folder', writable: false },
    });
  });

  test.each(['nowhere', 'cloud'])('that is a link to %s has no files either', async (target) => {
    rmSync(join(app.dir, '.jacqos/cloud'), { recursive: true });
    symlinkSync(target, join(app.dir, '.jacqos/cloud'));
    expect(await look(sessionFolder, { settings: settings() })).toMatchObject({
      value: { kind: 'not-a-folder', writable: false, unread: 0 },
    });
  });
});
