import { describe, expect, test } from 'vitest';
import certificates from '../../../checks/jaco/certificates.ts';
import { isWaitNote } from '../../../src/engine/wait-note.ts';
import { brief, failure, idsAndTextsArePinned, words } from '../scene.ts';
import {
  type CertificatesScene,
  chain,
  DAY,
  domain,
  judgeCertificates,
  lines,
  MINUTE,
  NO_CERTIFICATE,
  NOW,
  STAGING,
  stored,
} from './scenes/certificates-scene.ts';

const found = (scene: CertificatesScene) => brief(judgeCertificates(scene));
const refusal = (
  cause: 'dns' | 'connection' | 'unauthorized' | 'rate-limited' | 'caa' | 'ca-unreachable' | 'ca-untrusted' | 'other',
  atMs = NOW - 5 * MINUTE,
) =>
  lines({ refusal: { atMs, cause, text: `words about ${cause}`, issuer: 'acme-v02.api.letsencrypt.org-directory' } });
const NOTHING_ISSUED: CertificatesScene = { domains: [domain()], nodes: { 'jaco-1': NO_CERTIFICATE } };

describe('healthy', () => {
  test('every node serves a valid certificate', () => {
    const row = judgeCertificates({ nodes: { 'jaco-1': chain(), 'jaco-2': chain() } });
    expect(brief(row)).toBe('pass');
    expect(row?.evidence).toHaveLength(2);
  });

  test('a new route waits for its certificate', () => {
    const row = judgeCertificates({ ...NOTHING_ISSUED, domains: [domain({ appliedAtMs: NOW - 20_000 })] });
    expect(brief(row)).toBe('pass');
    expect(row?.notes.filter(isWaitNote)).toEqual([expect.stringMatching(/shop\.test.*20 s/)]);
  });

  test('a slow authority: the order began a minute ago', () => {
    const row = judgeCertificates({ ...NOTHING_ISSUED, lines: [lines({ orderedAtMs: NOW - MINUTE })] });
    expect(brief(row)).toBe('pass');
    expect(row?.notes.some(isWaitNote)).toBe(true);
  });

  test('the production certificate is ordered after the staging one', () => {
    const promoted = [lines({ promotedAtMs: NOW - 4 * MINUTE })];
    const state = { domain: 'shop.test', environment: 'staging', notAfterMs: null } as const;
    const row = judgeCertificates({ ...NOTHING_ISSUED, domains: [domain({ state })], lines: promoted });
    expect(brief(row)).toBe('pass');
    expect(row?.notes.some(isWaitNote)).toBe(true);
  });

  test.each([90, 45, 6])('a certificate of %i days is due for renewal, and not overdue', (days) => {
    const row = judgeCertificates({ nodes: { 'jaco-1': chain({ days: [-0.68 * days, 0.32 * days] }) } });
    expect(brief(row)).toBe('pass');
    expect(row?.notes).toEqual([expect.stringContaining('is overdue from')]);
  });

  test('a certificate that was issued while the doctor ran begins after the start of the run', () => {
    const seconds = 12 / 86_400;
    expect(found({ nodes: { 'jaco-1': chain({ days: [seconds, 90] }) } })).toBe('pass');
  });

  test('an order that was refused before the certificate was issued is history', () => {
    expect(found({ lines: [refusal('connection')] })).toBe('pass');
  });

  test('a private authority, as acme_ca says', () => {
    const own = chain({ issuer: 'Pebble Intermediate CA', issuerOrganization: null, state: 'open' });
    expect(found({ nodes: { 'jaco-1': own }, policy: { authority: 'private', ca: 'https://ca.test/dir' } })).toBe(
      'pass',
    );
  });

  test('a domain that contains "staging" is served with a production certificate', () => {
    const state = { ...stored(80, 'staging'), domain: 'staging.shop.test' };
    expect(found({ domains: [domain({ domain: 'staging.shop.test', state })] })).toBe('pass');
  });

  test('the staging authority is the one in acme_ca', () => {
    const row = judgeCertificates({
      nodes: { 'jaco-1': chain(STAGING) },
      policy: { authority: 'lets-encrypt-staging' },
    });
    expect(brief(row)).toBe('pass');
    expect(row?.notes).toEqual([expect.stringMatching(/shop\.test.*acme_ca.*browsers refuse/)]);
  });

  test('two nodes serve different certificates and neither is overdue', () => {
    const row = judgeCertificates({ nodes: { 'jaco-1': chain(), 'jaco-2': chain({ days: [-60, 30] }) } });
    expect(brief(row)).toBe('pass');
    expect(row?.notes).toEqual([expect.stringContaining('jaco-2')]);
  });

  test('a chain in wrong order is a note', () => {
    const row = judgeCertificates({ nodes: { 'jaco-1': chain({ inOrder: false }) } });
    expect(brief(row)).toBe('pass');
    expect(row?.notes).toHaveLength(1);
  });
});

describe('no certificate is issued', () => {
  test.each([
    'dns',
    'connection',
    'unauthorized',
    'rate-limited',
    'caa',
    'ca-unreachable',
    'ca-untrusted',
    'other',
  ] as const)('the authority refuses: %s', (cause) => {
    const row = judgeCertificates({ ...NOTHING_ISSUED, lines: [refusal(cause)] });
    expect(brief(row)).toBe(`fail cert_failed:${cause} shop.test`);
    expect(words(row)).toContain(`words about ${cause}`);
  });

  test('the addresses of the name are evidence for the cause', () => {
    const addresses = [{ domain: 'shop.test', rcode: 'NOERROR', ipv4: ['192.0.2.9'], ipv6: ['2001:db8::9'] }] as const;
    const row = judgeCertificates({ ...NOTHING_ISSUED, lines: [refusal('connection')], addresses });
    expect(words(row)).toContain('192.0.2.9, 2001:db8::9 on this node; none of them');
  });

  test('the addresses of the name are not a finding: a load balancer has its own address', () => {
    const addresses = [{ domain: 'shop.test', rcode: 'NOERROR', ipv4: ['192.0.2.9'], ipv6: [] }] as const;
    expect(found({ addresses })).toBe('pass');
  });

  test('the name has no address', () => {
    const addresses = [{ domain: 'shop.test', rcode: 'NXDOMAIN', ipv4: [], ipv6: [] }] as const;
    expect(words(judgeCertificates({ ...NOTHING_ISSUED, addresses }))).toContain('answers NXDOMAIN for shop.test');
  });

  test('a new route whose order was refused fails at once', () => {
    const domains = [domain({ appliedAtMs: NOW - 20_000 })];
    expect(found({ ...NOTHING_ISSUED, domains, lines: [refusal('dns', NOW - 10_000)] })).toBe(
      'fail cert_failed:dns shop.test',
    );
  });

  test('a refusal of a tls: off domain is not that of this one', () => {
    const foreign = { ...refusal('dns'), domain: 'plain.test' };
    expect(found({ ...NOTHING_ISSUED, lines: [foreign] })).toBe('fail cert_not_issued:no-order shop.test');
  });

  test('a staging certificate does not end the refusal of production', () => {
    const state = { domain: 'shop.test', environment: 'staging', notAfterMs: null } as const;
    const obtained = { atMs: NOW - MINUTE, issuer: 'acme-staging-v02.api.letsencrypt.org-directory' };
    const scene = {
      ...NOTHING_ISSUED,
      domains: [domain({ state })],
      lines: [{ ...refusal('rate-limited'), obtained }],
    };
    expect(found(scene)).toBe('fail cert_failed:rate-limited shop.test');
  });

  test('a wildcard, which HTTP-01 cannot prove', () => {
    expect(found({ ...NOTHING_ISSUED, domains: [domain({ domain: '*.shop.test' })] })).toBe(
      'fail cert_failed:wildcard *.shop.test',
    );
  });

  test('JACO gave up waiting for production, and no line says why', () => {
    const windowExpired = { atMs: NOW - 10 * MINUTE, failures: '1', retryAfter: '15m0s' };
    const row = judgeCertificates({ ...NOTHING_ISSUED, lines: [lines({ windowExpired })] });
    expect(brief(row)).toBe('fail cert_failed:other shop.test');
    expect(words(row)).toContain('15m0s');
  });

  test('nothing was ordered here: another node may hold the lock', () => {
    const nodes = { 'jaco-1': NO_CERTIFICATE, 'jaco-2': NO_CERTIFICATE };
    const row = judgeCertificates({ ...NOTHING_ISSUED, nodes });
    expect(brief(row)).toBe('fail cert_not_issued:no-order shop.test');
    expect(words(row)).toContain('another node may order it');
    expect(words(judgeCertificates({ ...NOTHING_ISSUED, nodes, lines: [lines({ lockedAtMs: NOW })] }))).toContain(
      'held the lock',
    );
  });

  test('lines of the journal are missing', () => {
    expect(words(judgeCertificates({ ...NOTHING_ISSUED, complete: false }))).toContain(
      'lines of the journal are missing',
    );
  });

  test('the journal cannot be read: the cause is unknown, the handshake is judged', () => {
    const denied = failure('jaco.journal', 'denied', 'journalctl', 'the journal may be read by root');
    const row = judgeCertificates({ ...NOTHING_ISSUED, lines: denied });
    expect(brief(row)).toBe('fail cert_not_issued:unreadable shop.test');
    expect(words(row)).toContain('the journal may be read by root');
  });

  test('ACME is off, so :443 speaks plain HTTP', () => {
    const plain = { kind: 'not-tls', http: true, ms: 1 } as const;
    const scene = { ...NOTHING_ISSUED, nodes: { 'jaco-1': plain }, policy: { enabled: false } };
    expect(found(scene)).toBe('fail cert_not_issued:acme-off jaco-1');
    expect(found({ ...NOTHING_ISSUED, policy: { enabled: false } })).toBe('fail cert_not_issued:acme-off shop.test');
  });

  test('acme_enabled differs between nodes, seen from the one without: the others may use another authority', () => {
    const plain = { kind: 'not-tls', http: true, ms: 1 } as const;
    const other = chain({ issuer: 'Pebble Intermediate CA', issuerOrganization: null, state: 'open' });
    const row = judgeCertificates({ nodes: { 'jaco-1': plain, 'jaco-2': other }, policy: { enabled: false } });
    expect(brief(row)).toBe('fail cert_not_issued:acme-off jaco-1');
  });

  test('the nodes differ in acme_enabled', () => {
    const plain = { kind: 'not-tls', http: true, ms: 1 } as const;
    expect(found({ nodes: { 'jaco-1': chain(), 'jaco-2': plain } })).toBe('fail cert_not_issued:acme-off jaco-2');
  });
});

describe('a certificate that clients refuse', () => {
  test('expired, and not renewed', () => {
    const scene = { domains: [domain({ state: stored(-2) })], nodes: { 'jaco-1': chain({ days: [-92, -2] }) } };
    expect(found(scene)).toBe('fail cert_expired:not-renewed shop.test');
  });

  test('expired because the renewal is refused: the authority’s error text leads', () => {
    const scene = { domains: [domain({ state: stored(-2) })], nodes: { 'jaco-1': chain({ days: [-92, -2] }) } };
    expect(found({ ...scene, lines: [refusal('caa')] })).toBe(
      'fail cert_failed:caa shop.test cert_expired:not-renewed shop.test',
    );
  });

  test('expired, while a newer one is stored', () => {
    expect(found({ nodes: { 'jaco-1': chain({ days: [-92, -2] }) } })).toBe('fail cert_expired:stored-newer shop.test');
  });

  test('not valid yet', () => {
    expect(found({ nodes: { 'jaco-1': chain({ days: [1, 91] }) } })).toBe('fail cert_expired:not-yet-valid shop.test');
  });

  test('for another name, although its common name fits', () => {
    const row = judgeCertificates({ nodes: { 'jaco-1': chain({ covers: false, dnsNames: ['blog.test'] }) } });
    expect(brief(row)).toBe('fail cert_name_mismatch shop.test');
    expect(words(row)).toContain('its common name is shop.test');
  });

  test('of no authority, of another one, and without its intermediate', () => {
    const other = { issuer: 'Other CA', issuerOrganization: null };
    expect(found({ nodes: { 'jaco-1': chain({ ...other, state: 'self-signed' }) } })).toBe(
      'fail cert_not_served:untrusted jaco-1',
    );
    expect(found({ nodes: { 'jaco-1': chain({ ...other, state: 'private' }) } })).toBe(
      'fail cert_not_served:untrusted jaco-1',
    );
    expect(found({ nodes: { 'jaco-1': chain({ state: 'open', length: 1 }) } })).toBe(
      'fail cert_not_served:chain jaco-1',
    );
  });

  test('of another authority, while it is not known which one JACO asks', () => {
    expect(found({ nodes: { 'jaco-1': chain({ issuerOrganization: null, state: 'open' }) }, policy: null })).toBe(
      'pass',
    );
  });

  test.each(['trailing-data', 'not-a-certificate'] as const)('unreadable: %s', (why) => {
    const answer = { kind: 'chain', ms: 1, chain: { kind: 'unreadable', why } } as const;
    expect(found({ nodes: { 'jaco-1': answer } })).toBe('fail cert_not_served:unreadable jaco-1');
  });
});

describe('staging', () => {
  const nodes = { 'jaco-1': chain(STAGING) };
  const at = (state: ReturnType<typeof stored> | null, more: CertificatesScene = {}) =>
    found({ domains: [domain({ state })], nodes, ...more });

  test('promoted, and production does not follow', () => {
    expect(at(stored(80, 'staging'))).toBe('fail cert_staging_stuck:unknown shop.test');
    const windowExpired = { atMs: NOW - 10 * MINUTE, failures: '1', retryAfter: '15m0s' };
    expect(at(stored(80, 'staging'), { lines: [lines({ windowExpired })] })).toBe(
      'fail cert_staging_stuck:window-expired shop.test',
    );
  });

  test('production is refused: the authority’s error text leads', () => {
    expect(at(stored(80, 'staging'), { lines: [refusal('rate-limited')] })).toBe(
      'fail cert_failed:rate-limited shop.test cert_staging_stuck shop.test',
    );
  });

  test('production is stored, or served by another node: this one has the old one in memory', () => {
    expect(at(stored(80))).toBe('fail cert_staging_stuck:cached-leaf shop.test');
    expect(at(stored(80, 'staging'), { nodes: { ...nodes, 'jaco-2': chain() } })).toBe(
      'fail cert_staging_stuck:cached-leaf shop.test',
    );
  });

  test('the stored staging certificate is deleted, and still served (#163)', () => {
    const state = { domain: 'shop.test', environment: 'staging', notAfterMs: null } as const;
    expect(found({ domains: [domain({ state })], nodes })).toBe('fail cert_staging_stuck:cached-leaf shop.test');
  });

  test('a new domain is served with a staging certificate for some seconds', () => {
    const row = judgeCertificates({
      domains: [domain({ appliedAtMs: NOW - 3_000, state: stored(80, 'staging') })],
      nodes,
    });
    expect(brief(row)).toBe('pass');
    expect(row?.notes.some(isWaitNote)).toBe(true);
  });

  test('a domain that contains "staging" has only the staging certificate', () => {
    const state = { ...stored(80, 'staging'), domain: 'staging.test' };
    const scene = { domains: [domain({ domain: 'staging.test', state })], nodes };
    expect(found(scene)).toBe('fail cert_staging_stuck:name-contains-staging staging.test');
  });
});

describe('issued, but not served', () => {
  test('a follower did not load the certificate: restart that one', () => {
    const row = judgeCertificates({ nodes: { 'jaco-1': chain(), 'jaco-2': NO_CERTIFICATE, 'jaco-3': chain() } });
    expect(brief(row)).toBe('fail cert_not_served:not-loaded jaco-2');
    expect(row?.findings[0]?.values).toEqual({ domain: 'shop.test', address: '10.0.0.2:443' });
  });

  test('this node did not load what JACO has stored, and the other node cannot be asked', () => {
    const nodes = { 'jaco-1': NO_CERTIFICATE, 'jaco-2': { kind: 'no-connection', code: null, ms: 1_500 } } as const;
    expect(found({ nodes })).toBe('fail cert_not_served:not-loaded jaco-1');
  });

  test('no node uses the stored certificate: its names do not fit, and no restart helps', () => {
    expect(found({ nodes: { 'jaco-1': NO_CERTIFICATE } })).toBe('fail cert_not_served:names shop.test');
    const nodes = { 'jaco-1': NO_CERTIFICATE, 'jaco-2': NO_CERTIFICATE };
    expect(found({ nodes })).toBe('fail cert_not_served:names shop.test');
  });

  test('it was issued a moment ago', () => {
    const domains = [domain({ appliedAtMs: NOW - 5_000, state: stored(80) })];
    const row = judgeCertificates({ domains, nodes: { 'jaco-1': chain(), 'jaco-2': NO_CERTIFICATE } });
    expect(brief(row)).toBe('pass');
    expect(row?.notes.some(isWaitNote)).toBe(true);
  });

  test('a follower still serves the previous certificate, whose renewal is overdue', () => {
    const nodes = { 'jaco-1': chain({ days: [-20, 70] }), 'jaco-2': chain({ days: [-80, 10] }) };
    expect(found({ nodes })).toBe('fail cert_not_served:older jaco-2');
  });

  test('fifty domains on one follower are one finding', () => {
    const domains = Array.from({ length: 50 }, (_, at) => domain({ domain: `d${at}.test` }));
    const row = judgeCertificates({ domains, nodes: { 'jaco-1': chain(), 'jaco-2': NO_CERTIFICATE } });
    expect(brief(row)).toBe('fail cert_not_served:not-loaded jaco-2');
    expect(row?.findings[0]?.evidence).toHaveLength(9);
  });

  test('nothing listens on :443, or another program does', () => {
    const refused = { kind: 'no-connection', code: 'ECONNREFUSED', ms: 0 } as const;
    const challenge = {
      'jaco-1': { kind: 'failure', why: 'refused', phase: 'connect', code: 'ECONNREFUSED', detail: 'refused' },
    } as const;
    expect(found({ nodes: { 'jaco-1': refused }, challenge })).toBe('fail cert_not_served:not-listening jaco-1');
    for (const answer of [
      { kind: 'not-tls', http: false, ms: 0 },
      { kind: 'closed', reset: true, ms: 0 },
      { kind: 'alert', code: 40, ms: 0 },
    ] as const)
      expect(found({ nodes: { 'jaco-1': answer } })).toBe('fail cert_not_served:other-server jaco-1');
    expect(found({ nodes: { 'jaco-1': { kind: 'not-tls', http: true, ms: 0 } } })).toBe(
      'fail cert_not_served:other-server jaco-1',
    );
  });

  test('the proxy refuses its configuration: no note says to wait for its first order or its port', () => {
    const row = judgeCertificates({
      domains: [domain({ appliedAtMs: NOW - 10_000 })],
      nodes: { 'jaco-1': { kind: 'no-connection', code: 'ECONNREFUSED', ms: 0 }, 'jaco-2': NO_CERTIFICATE },
      refusal: { sinceMs: NOW - 8_000, atMs: NOW - 1_000, text: 'bind: address already in use', busy: null },
    });
    expect(words(row)).toMatch(/shop\.test: the proxy of this node has refused its configuration/);
    expect(words(row)).toMatch(/jaco-1 .* because its proxy has refused/);
    expect(words(row)).not.toContain('yet');
  });

  test('the proxy starts to listen with its first route', () => {
    const refused = { kind: 'no-connection', code: 'ECONNREFUSED', ms: 0 } as const;
    const row = judgeCertificates({ domains: [domain({ appliedAtMs: NOW - 1_000 })], nodes: { 'jaco-1': refused } });
    expect(brief(row)).toBe('pass');
  });
});

describe('renewal', () => {
  test.each([90, 45, 6])('of a certificate of %i days is overdue', (days) => {
    expect(found({ nodes: { 'jaco-1': chain({ days: [-0.75 * days, 0.25 * days] }) } })).toBe(
      'warn cert_expiring shop.test',
    );
  });

  test('is refused: the authority’s error text leads, as a warning while the certificate is valid', () => {
    const nodes = { 'jaco-1': chain({ days: [-70, 20] }) };
    expect(found({ nodes, lines: [refusal('connection')] })).toBe(
      'warn warn cert_failed:connection shop.test cert_expiring shop.test',
    );
  });

  test('was refused before it was due: that is history', () => {
    const nodes = { 'jaco-1': chain({ days: [-70, 20] }) };
    expect(found({ nodes, lines: [refusal('connection', NOW - 60 * DAY)] })).toBe('warn cert_expiring shop.test');
  });
});

describe('the challenge path', () => {
  const answer = (given: object) =>
    ({ kind: 'answer', status: 200, server: 'nginx', location: null, body: 'Welcome', ...given }) as const;
  const closed = {
    kind: 'failure',
    why: 'refused',
    phase: 'connect',
    code: 'ECONNREFUSED',
    detail: 'connect refused',
  } as const;

  test.each([
    ['another server', answer({}), 'other-server', 'Welcome'],
    ['a redirect', answer({ status: 301, location: 'https://www.shop.test/' }), 'redirect', 'https://www.shop.test/'],
    ['a page of another server that is not found', answer({ status: 404, body: '<html>' }), 'other-server', 'nginx'],
    ['nothing: port 80 is closed', closed, 'closed', 'refuses connections'],
  ] as const)('%s', (_, told, cause, quoted) => {
    const row = judgeCertificates({ ...NOTHING_ISSUED, challenge: { 'jaco-1': told } });
    expect(brief(row)).toBe(`fail acme_challenge_intercepted:${cause} jaco-1 cert_not_issued:no-order shop.test`);
    expect(words(row)).toContain(quoted);
    expect(brief(judgeCertificates({ challenge: { 'jaco-1': told } }))).toBe(
      `warn warn acme_challenge_intercepted:${cause} jaco-1`,
    );
  });

  test('a follower whose port 443 a foreign TLS server holds is one finding of that node, not one for each domain and port', () => {
    const foreign = chain({ covers: false, dnsNames: ['other.example'], state: 'self-signed' });
    const two = [domain({ state: stored(80) }), domain({ domain: 'blog.test' })];
    const nodes = { 'jaco-1': chain(), 'jaco-2': foreign };
    const row = judgeCertificates({ domains: two, nodes, challenge: { 'jaco-2': closed } });
    expect(brief(row)).toBe('fail cert_not_served:other-server jaco-2');
    expect(words(row)).toMatch(/other\.example.*port 80 is closed/);
    // With an open port 80 the proxy may be the one that answers.
    expect(brief(judgeCertificates({ domains: two, nodes }))).toBe(
      'fail cert_name_mismatch shop.test cert_name_mismatch blog.test',
    );
  });

  test('JACO’s own 404 says that this node has no ACME policy', () => {
    expect(found({ challenge: { 'jaco-1': answer({ status: 404, server: 'jaco', body: '' }) } })).toBe('pass');
  });

  test('silence is not judged', () => {
    const silent = {
      kind: 'failure',
      why: 'silent',
      phase: 'first-byte',
      code: null,
      detail: 'no byte of an answer',
    } as const;
    const row = judgeCertificates({ challenge: { 'jaco-1': silent } });
    expect(brief(row)).toBe('unknown');
    expect(row?.notJudged).toEqual([expect.objectContaining({ subject: 'challenge path of jaco-1' })]);
  });

  test('could not be asked', () => {
    const timeout = failure('jaco.challenge-answers', 'timeout', 'answer', 'its deadline passed');
    expect(found({ challenge: timeout })).toBe('unknown');
  });
});

describe('what cannot be judged', () => {
  test.each([
    ['connect', { kind: 'no-connection', code: null, ms: 1_500 }, 'no answer to a connect within 1500 ms'],
    ['handshake', { kind: 'silent', began: false, ms: 1_500 }, 'the handshake got no answer within 1500 ms'],
    ['slow handshake', { kind: 'silent', began: true, ms: 1_500 }, 'was not completed within 1500 ms'],
    ['no route', { kind: 'no-connection', code: 'ENETUNREACH', ms: 0 }, 'ENETUNREACH'],
    ['no such name', { kind: 'unresolved', detail: 'jaco-2: NXDOMAIN' }, 'NXDOMAIN'],
  ] as const)('a stall in its phase: %s', (_, answer, reason) => {
    const row = judgeCertificates({ nodes: { 'jaco-1': chain(), 'jaco-2': answer } });
    expect(brief(row)).toBe('unknown');
    expect(row?.notJudged).toEqual([
      {
        subject: expect.stringContaining('jaco-2'),
        reason: expect.stringContaining(reason),
        next: { kind: 'on-node', node: 'jaco-2' },
        blockedBy: null,
      },
    ]);
  });

  test('a dead member is not judged', () => {
    const refused = { kind: 'no-connection', code: 'ECONNREFUSED', ms: 0 } as const;
    expect(found({ nodes: { 'jaco-1': chain(), 'jaco-2': refused }, dead: ['jaco-2'] })).toBe('unknown');
  });

  test('domains beyond the number that is asked for', () => {
    const domains = [domain({ state: stored(80) }), domain({ domain: 'b.test', state: stored(80) })];
    const row = judgeCertificates({ domains, nodes: { 'jaco-1': { 'shop.test': chain() } } });
    expect(row?.notJudged).toEqual([expect.objectContaining({ subject: '1 more domains' })]);
  });
});

describe('seen from a laptop', () => {
  const mode = 'anywhere' as const;

  test('what TLS shows of each member', () => {
    const row = judgeCertificates({ mode, nodes: { 'jaco-1': chain(), 'jaco-2': NO_CERTIFICATE } });
    expect(brief(row)).toBe('fail cert_not_served:not-loaded jaco-2');
    expect(words(row)).toContain('seen from here');
  });

  test('the cause of a missing certificate is in the journal of a node', () => {
    expect(found({ ...NOTHING_ISSUED, mode })).toBe('fail cert_not_issued:unreadable shop.test');
  });

  test('an address that only the cluster lists may be that of another machine', () => {
    const nodes = { 'jaco-1': chain(), 'jaco-2': chain({ covers: false, dnsNames: ['router.local'] }) };
    expect(found({ mode, nodes, by: { 'jaco-2': 'listed' } })).toBe('unknown');
    expect(found({ mode, nodes: { 'jaco-1': chain(), 'jaco-2': chain() }, by: { 'jaco-2': 'listed' } })).toBe('pass');
  });
});

idsAndTextsArePinned('jaco', certificates);
