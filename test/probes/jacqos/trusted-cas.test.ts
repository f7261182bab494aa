import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, expect, test } from 'vitest';
import { standInCa } from '../../../src/demo/jacqos/certificates.ts';
import type { JacqosIo } from '../../../src/probes/jacqos/jacqos-probe.ts';
import { readPem, trustedCas, withTrustHint } from '../../../src/probes/jacqos/trusted-cas.ts';

const folder = mkdtempSync(join(tmpdir(), 'trusted-cas-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}
const corporate = file('corporate.pem', `# the CA of this network\n${standInCa}`);
const io = (env: JacqosIo['env'], caCert: string | null = null) =>
  ({ settings: { ca: null, caCert }, env }) as unknown as JacqosIo;
const untrusted = { code: 'untrusted', detail: 'the certificate is not trusted' };

test('without another CA, Node uses its own list, and the hint names the remedy', async () => {
  const cas = await trustedCas(io({}));
  expect(cas.ca).toBeNull();
  expect(withTrustHint(untrusted, cas)).toMatch(/--ca-cert.*NODE_EXTRA_CA_CERTS/);
  expect(withTrustHint({ code: 'expired', detail: 'it has expired' }, cas)).toBe('it has expired');
});

test.each<[string, JacqosIo['env'], string | null, RegExp]>([
  ['SSL_CERT_FILE', { SSL_CERT_FILE: corporate }, null, /SSL_CERT_FILE is trusted too/],
  ['--ca-cert', {}, standInCa, /--ca-cert is trusted too/],
  [
    'both and NODE_EXTRA_CA_CERTS, which Node does not add to an explicit list',
    { SSL_CERT_FILE: corporate, NODE_EXTRA_CA_CERTS: corporate },
    standInCa,
    /--ca-cert, SSL_CERT_FILE, NODE_EXTRA_CA_CERTS are trusted too/,
  ],
])('the CA of %s is trusted in addition to those of Node', async (_source, env, caCert, hint) => {
  const cas = await trustedCas(io(env, caCert));
  expect(cas.ca).toEqual(expect.arrayContaining([...rootCertificates]));
  expect((cas.ca as readonly string[]).some((pem) => pem.includes(standInCa.trim()))).toBe(true);
  expect(cas.hint).toMatch(hint);
});

test('a file that cannot be read takes no trust away, and is named', async () => {
  const cas = await trustedCas(io({ SSL_CERT_FILE: join(folder, 'none.pem') }));
  expect(cas.ca).toEqual([...rootCertificates]);
  expect(cas.hint).toMatch(/not read: SSL_CERT_FILE: .*none\.pem: ENOENT/);
});

test('a file that is not a certificate is not taken for one', async () => {
  expect(await readPem(corporate)).toMatchObject({ kind: 'value' });
  for (const [name, text] of [
    ['empty.pem', ''],
    ['key.pem', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'],
    ['damaged.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
  ] as const)
    expect([name, await readPem(file(name, text))]).toMatchObject([name, { kind: 'failed' }]);
});
