import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readAcmeLines } from '../../../../src/probes/jaco/journal/acme-lines.ts';
import { acmeCause } from '../../../../src/probes/jaco/journal/acme-refusal.ts';
import type { JournalEntry } from '../../../../src/probes/jaco/journal/journal-entry.ts';

const NOTHING = { error: null, fields: {}, pid: 7, invocation: 'a', priority: 6 };

function proxy(message: string): JournalEntry {
  const atMs = Math.floor((JSON.parse(message) as { ts: number }).ts * 1_000);
  return { ...NOTHING, atMs, subsystem: null, message, raw: true };
}

function daemon(atMs: number, subsystem: string, message: string, fields: JournalEntry['fields'] = {}): JournalEntry {
  return { ...NOTHING, atMs, subsystem, message, fields, raw: false };
}

/** The proxy's lines of a real node, without the others. */
const captured = (name: string): readonly JournalEntry[] =>
  readFileSync(new URL(`../../../captures/ingress/acme-${name}.jsonl`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map(proxy);

const domain = (entries: readonly JournalEntry[], name = 'shop.test') =>
  readAcmeLines(entries).domains.find((lines) => lines.domain === name);

/** A line in the format of a real one, with the text of an authority that was seen only with a stand-in. */
const refused = (error: string, ts = 1_795_249_800) =>
  proxy(
    JSON.stringify({
      level: 'error',
      ts,
      logger: 'tls.obtain',
      msg: 'could not get certificate from issuer',
      identifier: 'shop.test',
      issuer: 'acme-v02.api.letsencrypt.org-directory',
      error,
    }),
  );

describe('real orders', () => {
  test('a challenge that the authority cannot reach: its error text, the authority, and the next attempt', () => {
    expect(domain(captured('challenge-not-reachable'))).toMatchObject({
      refusal: {
        atMs: 1_795_249_793_991,
        cause: 'connection',
        text: expect.stringMatching(
          /^Get "http:\/\/shop\.test:80\/.*dial tcp 192\.0\.2\.77:80: connect: network is unreachable$/,
        ),
        issuer: '10.83.3.1:14000-dir',
      },
      obtained: null,
      retryAtMs: 1_795_249_853_991,
    });
  });

  test('an authority that this node cannot reach', () => {
    expect(domain(captured('ca-unreachable'))?.refusal).toMatchObject({
      cause: 'ca-unreachable',
      text: expect.stringContaining('dial tcp 127.0.0.1:14999: connect: connection refused'),
    });
  });

  test('a healthy domain has no refusal, and that of another tls: off domain is not its own', () => {
    const entries = captured('healthy-beside-tls-off');
    expect(domain(entries)).toMatchObject({ refusal: null, obtained: { atMs: 1_795_249_764_547 } });
    expect(domain(entries, 'plain.test')?.refusal?.cause).toBe('ca-unreachable');
  });
});

describe('lines of a healthy node that look like errors', () => {
  const noise = [
    'obtaining certificate: context canceled (order=https://192.0.2.1/order/1)',
    'solving challenge: presenting for challenge: stopping apps',
    'Load certificates/acme-staging-v02.api.letsencrypt.org-directory/shop.test/shop.test.key: key does not exist: file does not exist',
  ];
  for (const error of noise) test(error, () => expect(domain([refused(error)])?.refusal).toBeNull());

  test('a follower waits for the node that has the lock', () => {
    const waiting = refused(
      'unable to acquire lock issue_cert_shop.test: lock_held: cert lock owned by another lessee',
    );
    expect(domain([waiting])).toMatchObject({ refusal: null, lockedAtMs: 1_795_249_800_000 });
  });
});

describe('the cause from the words of an authority', () => {
  const causes = {
    dns: 'HTTP 400 urn:ietf:params:acme:error:dns - DNS problem: NXDOMAIN looking up A for shop.test',
    connection:
      'HTTP 400 urn:ietf:params:acme:error:connection - 192.0.2.1: Timeout during connect (likely firewall problem)',
    unauthorized:
      'HTTP 403 urn:ietf:params:acme:error:unauthorized - 192.0.2.1: Invalid response from http://shop.test: 404',
    'rate-limited': 'HTTP 429 urn:ietf:params:acme:error:rateLimited - too many certificates already issued',
    caa: 'HTTP 403 urn:ietf:params:acme:error:caa - CAA record for shop.test prevents issuance',
    wildcard:
      'no solvers available for remaining challenges (configured=[http-01] offered=[dns-01] remaining=[dns-01])',
    'ca-untrusted':
      'provisioning client: performing request: Get "https://ca.test/dir": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    'ca-unreachable': 'provisioning client: performing request: Get "https://ca.test/dir": context deadline exceeded',
    other: 'HTTP 400 urn:ietf:params:acme:error:rejectedIdentifier - "shop.internal" has no public suffix',
  } as const;
  for (const [cause, text] of Object.entries(causes)) test(cause, () => expect(acmeCause(text)).toBe(cause));

  test('a problem type that is a name of JavaScript is just another problem', () => {
    expect(acmeCause('urn:ietf:params:acme:error:constructor')).toBe('other');
  });
});

describe('what JACO itself logs', () => {
  test('the running settings, once after the start', () => {
    const { settings } = readAcmeLines([
      daemon(1, 'ingress', 'ingress acme config', {
        ENABLED: 'true',
        CA: 'https://ca.test/dir',
        SKIP_STAGING: 'false',
      }),
    ]);
    expect(settings).toEqual({ enabled: true, ca: 'https://ca.test/dir', skipStaging: false });
  });

  test('the steps of stage-first, by domain', () => {
    const fields = { DOMAIN: 'Shop.test', CONSECUTIVE_FAILURES: '1', RETRY_AFTER: '15m0s', WINDOW: '5m0s' };
    const lines = domain([
      daemon(1, 'stagefirst', 'staging self-check passed; promoting to prod', fields),
      daemon(2, 'stagefirst', 'prod ACME issuance window expired without a cert landing', fields),
    ]);
    expect(lines).toMatchObject({
      promotedAtMs: 1,
      windowExpired: { atMs: 2, failures: '1', retryAfter: '15m0s' },
    });
  });

  test('a restart discards earlier lines', () => {
    const lines = readAcmeLines([...captured('challenge-not-reachable'), daemon(9, 'jacod', 'starting')]);
    expect(lines).toMatchObject({ complete: true, domains: [] });
  });

  test('without the line of the start, or with dropped lines, a missing line proves nothing', () => {
    expect(readAcmeLines([]).complete).toBe(false);
    expect(readAcmeLines([daemon(9, 'jacod', 'starting')], false).complete).toBe(false);
  });
});

test('a name in an authority’s text is not one of our domains, and a hostile line is ignored', () => {
  const hostile = ['{"logger":"tls.obtain"', '{"logger":"tls.obtain","msg":"will retry","error":"[] Obtain: x"}', '{}'];
  const entries = hostile.map((message) => ({ ...proxy('{"ts":1}'), message }));
  expect(readAcmeLines(entries).domains).toEqual([]);
});
