import { describe, expect, test } from 'vitest';
import { parseAddress, showableValue } from '../../../src/probes/jacqos/address.ts';
import { environment } from '../../../src/probes/jacqos/environment.ts';
import type { JacqosIo, JacqosSettings } from '../../../src/probes/jacqos/jacqos-probe.ts';
import { exceptionHint, proxyFor } from '../../../src/probes/jacqos/web-proxy.ts';
import { look } from './look.ts';

async function seen(env: JacqosIo['env'], settings: Partial<JacqosSettings> = {}) {
  const result = await look(environment, { env, settings });
  if (result.kind !== 'value') throw new Error(result.kind);
  return result.value;
}

describe('the management address', () => {
  test('is production’s where nothing names one', async () => {
    expect(await seen({})).toMatchObject({
      management: [{ source: 'the default', url: 'https://cloud.jacqos.io' }],
      runtime: { source: 'the default', url: 'https://runtime.cloud.jacqos.io' },
      malformed: [],
    });
  });

  test('is the flag’s before any variable’s', async () => {
    const { management } = await seen({ JACQOS_MANAGEMENT_URL: 'https://a.test' }, { managementUrl: 'https://b.test' });
    expect(management).toEqual([{ source: '--management-url', url: 'https://b.test' }]);
  });

  test('is both variables’ where they differ, and one where they do not', async () => {
    const both = await seen({ JACQOS_MANAGEMENT_URL: 'https://a.test/', JACQOS_LIVE_MANAGEMENT_URL: 'https://b.test' });
    expect(both.management.map(({ url }) => url)).toEqual(['https://a.test', 'https://b.test']);
    const same = await seen({ JACQOS_MANAGEMENT_URL: 'https://a.test/', JACQOS_LIVE_MANAGEMENT_URL: 'https://a.test' });
    expect(same.management).toEqual([{ source: 'JACQOS_MANAGEMENT_URL', url: 'https://a.test' }]);
  });

  test.each([
    ' ',
    'cloud.jacqos.io',
    '"https://cloud.jacqos.io"',
    'https://',
    'https://a b',
    'ftp://a.test',
    'https://a.test\n',
  ])('that is %j is malformed, and the default is not asked in its place', async (text) => {
    const { management, malformed } = await seen({ JACQOS_MANAGEMENT_URL: text });
    expect({ management, source: malformed[0]?.source }).toEqual({ management: [], source: 'JACQOS_MANAGEMENT_URL' });
  });

  test('that is empty may count as not set: the default is asked, and the variable is named', async () => {
    const { management, malformed, empty } = await seen({ JACQOS_MANAGEMENT_URL: '' });
    expect({ source: management[0]?.source, malformed, empty }).toEqual({
      source: 'the default',
      malformed: [],
      empty: ['JACQOS_MANAGEMENT_URL'],
    });
  });

  test('with a malformed and a good variable the good one is used', async () => {
    const { management, malformed } = await seen({
      JACQOS_MANAGEMENT_URL: 'nope',
      JACQOS_LIVE_MANAGEMENT_URL: 'https://b.test',
    });
    expect([management[0]?.url, malformed.length]).toEqual(['https://b.test', 1]);
  });
});

test('an address is shown without user, password, query and fragment', () => {
  expect(parseAddress('https://u:p4ss@cloud.test:8443/base/?t=s3cret#x')).toEqual({
    secure: true,
    host: 'cloud.test',
    port: 8443,
    path: '/base',
    shown: 'https://cloud.test:8443/base',
  });
  expect(parseAddress('http://[::1]')).toMatchObject({ host: '::1', port: 80, shown: 'http://[::1]' });
});

test('a value that is not an address is shown only if it does not look like a secret', () => {
  expect(showableValue('cloud.jacqos.io')).toBe('"cloud.jacqos.io"');
  expect(showableValue('htps://cloud.jacqos.io')).toBe('"htps://cloud.jacqos.io"');
  expect(showableValue('  ')).toBe('nothing');
  for (const secret of [
    'sk_live_9f8a7b6c5d4e3f2a',
    'https://u:p@x y',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIi',
    'x'.repeat(200),
  ])
    expect(showableValue(secret)).toBe('a value that is not shown');
});

describe('the token’s variable', () => {
  test.each<[string | undefined, string]>([
    [undefined, 'unset'],
    ['', 'blank'],
    [' \n', 'blank'],
    ['"abc"', 'quotes'],
    ["'abc'", 'quotes'],
    ['abc\n', 'line-break'],
    ['a bc', 'line-break'],
    ['abc\u00e9', 'unsendable'],
    ['anything-else.at_all', 'set'],
  ])('%j is %s', async (value, state) => {
    expect((await seen({ JACQOS_RUNTIME_TOKEN: value })).token).toBe(state);
  });

  test('and that of AgentMail’s key are reported as set or not, never with their value', async () => {
    const fact = await seen({ JACQOS_RUNTIME_TOKEN: 'canary-1', JACQOS_AUTH_TESTING_EMAIL_API_KEY: 'canary-2' });
    expect(fact).toMatchObject({ token: 'set', agentmailKey: true });
    expect(JSON.stringify(fact)).not.toContain('canary');
  });
});

describe('the proxy', () => {
  const https = parseAddress('https://cloud.test');
  const http = parseAddress('http://cloud.test:8080');
  if (https === null || http === null) throw new Error('no address');

  test('is the one of the address’s scheme, then the one for all', () => {
    expect(proxyFor(https, { https_proxy: 'http://p.test:3128' })).toMatchObject({
      host: 'p.test',
      port: 3128,
      secure: false,
      authorization: null,
    });
    expect(proxyFor(https, { HTTPS_PROXY: 'p.test:1' })).toMatchObject({ host: 'p.test', port: 1 });
    expect(proxyFor(https, { http_proxy: 'http://p.test' })).toBeNull();
    expect(proxyFor(http, { http_proxy: 'http://p.test' })).toMatchObject({ host: 'p.test', port: 80 });
    expect(proxyFor(http, { HTTP_PROXY: 'http://p.test' })).toBeNull();
    expect(proxyFor(http, { ALL_PROXY: 'https://p.test' })).toMatchObject({ secure: true, port: 443 });
  });

  test('is not used if the host is excepted', () => {
    const set = { https_proxy: 'http://p.test' };
    for (const no_proxy of ['*', 'cloud.test', '.test', '*.test', 'x.test, cloud.test:443', 'TEST'])
      expect([no_proxy, proxyFor(https, { ...set, no_proxy })]).toEqual([no_proxy, null]);
    for (const no_proxy of ['', 'loud.test', 'cloud.test:444', 'cloud.test.example'])
      expect([no_proxy, proxyFor(https, { ...set, no_proxy })]).not.toEqual([no_proxy, null]);
  });

  test('is not used for an address in a range that is excepted, and ranges except no name', () => {
    const set = { https_proxy: 'http://p.test' };
    const excepts = (host: string, no_proxy: string): boolean =>
      proxyFor({ secure: true, host, port: 443, path: '', shown: '' }, { ...set, no_proxy }) === null;
    expect(excepts('10.8.1.2', '192.168.0.0/16,10.0.0.0/8')).toBe(true);
    expect(excepts('10.8.1.2', '10.8.1.2/32')).toBe(true);
    expect(excepts('fd00::7', 'fd00::/8')).toBe(true);
    expect(excepts('::1', '[::1]')).toBe(true);
    expect(excepts('11.8.1.2', '10.0.0.0/8')).toBe(false);
    expect(excepts('10.8.1.2', '10.0.0.0/64')).toBe(false);
    expect(excepts('10.8.1.2', 'fd00::/8')).toBe(false);
    expect(excepts('cloud.test', '10.0.0.0/8')).toBe(false);
    expect(exceptionHint(https, { NO_PROXY: 'x.test, 10.0.0.0/8' })).toMatch(/NO_PROXY.*10\.0\.0\.0\/8.*cloud\.test/);
    expect(exceptionHint(https, { no_proxy: 'x.test' })).toBe('');
    expect(exceptionHint({ ...https, host: '11.0.0.1' }, { no_proxy: '10.0.0.0/8' })).toBe('');
  });

  test('that cannot be used is named by its variable and kind', () => {
    expect(proxyFor(https, { https_proxy: 'socks5://p.test:1080' })).toEqual({
      unusable: 'https_proxy names a socks5 proxy, which this program cannot use: curl and jacqos may',
    });
    expect(proxyFor(https, { all_proxy: 'http://[' })).toEqual({
      unusable: 'all_proxy does not contain the address of a proxy',
    });
  });

  test('has its credentials for its own header only', () => {
    const proxy = proxyFor(https, { https_proxy: 'http://ada:p4ssw0rd-canary@p.test' });
    expect(JSON.stringify(proxy)).not.toMatch(/p4ssw0rd|YWRh/);
    expect(proxy !== null && 'authorization' in proxy && proxy.authorization?.reveal()).toBe(
      `Basic ${Buffer.from('ada:p4ssw0rd-canary').toString('base64')}`,
    );
  });
});
