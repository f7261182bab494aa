import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { App } from '../../../src/demo/jacqos/app.ts';
import { appDir } from '../../../src/probes/jacqos/app-dir.ts';
import { readBundle } from '../../../src/probes/jacqos/bundle/read.ts';
import { bundle } from '../../../src/probes/jacqos/bundle.ts';
import { cliProgram } from '../../../src/probes/jacqos/cli-program.ts';
import { secretIn } from '../../../src/probes/jacqos/session/secret.ts';
import { sessionFolder } from '../../../src/probes/jacqos/session-folder.ts';
import { look } from './look.ts';

let root: string;
let app: App;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'jacqos-app-'));
  app = new App(root);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const settings = () => ({ appDir: app.dir });
const facts = (given: object = {}) => ({
  app: { dir: app.dir, toml: 'there', appId: 'shop', problem: null, ...given },
});

describe('jacqos.toml', () => {
  test('gives the id of the app', async () => {
    expect(await look(appDir, { settings: settings() })).toMatchObject({
      value: { toml: 'there', appId: 'shop', problem: null },
    });
  });

  test.each([
    ['is no TOML', 'app_id = \n', { toml: 'unreadable', problem: expect.stringMatching(/is no TOML at line 1$/) }],
    ['has no id', 'app_version = "1"\n', { toml: 'there', problem: expect.stringMatching(/has no app_id$/) }],
    ['has a blank id', 'app_id = "  "\n', { problem: expect.stringMatching(/has no app_id$/) }],
    [
      'has an id that is a path',
      'app_id = "../../etc/passwd"\n',
      { problem: expect.stringMatching(/cannot be the name of a file$/) },
    ],
  ])('that %s is told so', async (_what, text, wanted) => {
    app.write('jacqos.toml', text);
    expect(await look(appDir, { settings: settings() })).toMatchObject({ value: { appId: null, ...wanted } });
  });

  test('that is not there makes no app of the folder', async () => {
    rmSync(join(app.dir, 'jacqos.toml'));
    expect(await look(appDir, { settings: settings() })).toMatchObject({ value: { toml: 'absent', problem: null } });
  });
});

describe('the verification bundle', () => {
  test('is read by its documented keys', async () => {
    expect(await look(bundle, { facts: facts() })).toMatchObject({
      value: {
        path: app.bundlePath,
        newer: null,
        found: { kind: 'read', appId: 'shop', status: 'passed', failed: 0, evaluatorDigest: 'sha256:77aa01b2c3' },
      },
    });
  });

  test('names what failed, whatever the shape of a check is, and counts what has no name to show', () => {
    const checks = [
      { name: 'orders_fixture', status: 'failed' },
      { id: 'invariant.no_double_charge', passed: false },
      { check: 'sk_live_9f8a7b6c5d4e3f2a', ok: false },
      { name: 'redaction', status: 'passed' },
      'a string',
      null,
    ];
    const fixtures = [{ path: 'fixtures/late.jsonl', result: 'fail' }];
    const read = readBundle(JSON.stringify({ status: 'failed', checks, fixtures, redaction_findings: [{}, {}] }));
    expect(read).toMatchObject({
      failing: ['orders_fixture', 'invariant.no_double_charge', 'fixtures/late.jsonl'],
      failed: 4,
      redactionFindings: 2,
    });
  });

  test.each([
    ['no JSON', '{"status":', 'it is no JSON'],
    ['a list', '[]', 'it is no record of keys'],
    ['no status', '{}', 'it has no status'],
  ])('that is %s is malformed', (_what, text, problem) => {
    expect(readBundle(text)).toEqual({ kind: 'malformed', problem });
  });

  test('that is missing says how many of other apps there are', async () => {
    rmSync(app.bundlePath);
    app.write('generated/verification/till.json', '{}');
    expect(await look(bundle, { facts: facts() })).toMatchObject({ value: { found: { kind: 'absent', others: 1 } } });
  });

  test('that is older than a source names the newest of them', async () => {
    const at = (path: string, seconds: number) => utimesSync(path, seconds, seconds);
    at(app.bundlePath, 1_000);
    for (const path of ['jacqos.toml', 'ontology/rules.dh', 'fixtures/orders.jsonl']) at(join(app.dir, path), 900);
    expect(await look(bundle, { facts: facts() })).toMatchObject({ value: { newer: null } });
    at(join(app.dir, 'ontology/rules.dh'), 2_000);
    at(join(app.dir, 'fixtures/orders.jsonl'), 1_500);
    expect(await look(bundle, { facts: facts() })).toMatchObject({ value: { newer: 'ontology/rules.dh' } });
  });

  test('of no app is not applicable', async () => {
    expect(await look(bundle, { facts: facts({ toml: 'absent', appId: null }) })).toMatchObject({
      kind: 'not-applicable',
    });
  });
});

describe('.jacqos/cloud', () => {
  test('with digests in it holds no secret', async () => {
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

  test('with a key deep in it is told by the file', async () => {
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

  test.each(['nowhere', 'cloud'])('that is a link to %s takes none either', async (target) => {
    rmSync(join(app.dir, '.jacqos/cloud'), { recursive: true });
    symlinkSync(target, join(app.dir, '.jacqos/cloud'));
    expect(await look(sessionFolder, { settings: settings() })).toMatchObject({
      value: { kind: 'not-a-folder', writable: false, unread: 0 },
    });
  });
});

describe('what looks like a secret', () => {
  const none = {};
  test.each([
    ['the runtime token', 'x token-0123456789 y', { JACQOS_RUNTIME_TOKEN: 'token-0123456789' }],
    ['the AgentMail key', '{"k":"mail-0123456789"}', { JACQOS_AUTH_TESTING_EMAIL_API_KEY: 'mail-0123456789' }],
    ['the invite code', 'code=invite-0123456789', { JACQOS_CLOUD_INVITE_CODE: 'invite-0123456789' }],
    ['a private key', '-----BEGIN EC PRIVATE KEY-----', none],
    ['a signed token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.SflKxwRJSMeKKF2QT4', none],
    ['a bearer value', 'Authorization: Bearer abcdefgh0123456789', none],
    ['a credential by its key', '{"refresh_token":"abcdefghijklmnop0123"}', none],
    ['a credential by its key', 'client_secret = "abcdefghijklmnop0123"', none],
  ])('%s', (kind, text, env) => {
    expect(secretIn(text, env)).toBe(kind);
  });

  test.each([
    [
      'metadata of a token',
      '{"token_id":"tok_0123456789abcdef","token_digest":"sha256:0123456789abcdef0123456789abcdef"}',
    ],
    ['a digest in its place', `{"runtime_token":"sha256:${'a1'.repeat(32)}"}`],
    ['a value left out', '{"access_token":"[redacted by the cli]","password":"****************"}'],
    ['words about it', 'the password is kept elsewhere, and the bearer is not stored'],
  ])('and what does not: %s', (_what, text) => {
    expect(secretIn(text, none)).toBeNull();
  });

  test('a short value of a variable is in innocent text too', () => {
    expect(secretIn('prod prod prod', { JACQOS_RUNTIME_TOKEN: 'prod' })).toBeNull();
  });
});

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

  test('is never one of the folder that the user happens to stand in', async () => {
    put(bins('here'), 0o755);
    for (const PATH of ['here', '.', '', `:${'here'}`, undefined])
      expect(await look(cliProgram, { env: { PATH } })).toMatchObject({ failure: { why: 'missing-tool' } });
  });

  test('that may not be run is another thing than none', async () => {
    const folder = bins('closed');
    put(folder, 0o644);
    expect(await look(cliProgram, { env: { PATH: folder } })).toMatchObject({
      failure: { why: 'denied', detail: expect.stringContaining('may not be run') },
    });
  });
});
