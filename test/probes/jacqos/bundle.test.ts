import { rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseBundle } from '../../../src/probes/jacqos/bundle/parse-bundle.ts';
import { bundle } from '../../../src/probes/jacqos/bundle.ts';
import { look } from './look.ts';
import { app, facts } from './stand-in-app.ts';

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

  test('names what failed, for any form of a check, and counts those without a name to show', () => {
    const checks = [
      { name: 'orders_fixture', status: 'failed' },
      { id: 'invariant.no_double_charge', passed: false },
      { check: 'sk_live_9f8a7b6c5d4e3f2a', ok: false },
      { name: 'redaction', status: 'passed' },
      'a string',
      null,
    ];
    const fixtures = [{ path: 'fixtures/late.jsonl', result: 'fail' }];
    const read = parseBundle(JSON.stringify({ status: 'failed', checks, fixtures, redaction_findings: [{}, {}] }));
    expect(read).toMatchObject({
      failing: ['orders_fixture', 'invariant.no_double_charge', 'fixtures/late.jsonl'],
      failed: 4,
      redactionFindings: 2,
    });
  });

  test.each([
    ['no JSON', '{"status":', 'it is not JSON'],
    ['a list', '[]', 'it is not a record of keys'],
    ['no status', '{}', 'it has no status'],
  ])('that is %s is malformed', (_what, text, problem) => {
    expect(parseBundle(text)).toEqual({ kind: 'malformed', problem });
  });

  test('that is missing names the other apps with bundles', async () => {
    rmSync(app.bundlePath);
    app.write('generated/verification/desk.json', '{}');
    app.write('generated/verification/kiosk.json', '{}');
    expect(await look(bundle, { facts: facts() })).toMatchObject({
      value: { found: { kind: 'absent', others: ['desk', 'kiosk'] } },
    });
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
