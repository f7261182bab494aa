import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { servedChain } from '../../../../src/probes/io/certificate/served-chain.ts';
import { authorityOf } from '../../../../src/probes/jaco/ingress/acme-policy.ts';
import type { CertificateAnswer } from '../../../../src/probes/jaco/ingress/served-certificates.ts';
import { readAcmeLines } from '../../../../src/probes/jaco/journal/acme-lines.ts';
import type { JournalEntry } from '../../../../src/probes/jaco/journal/journal-entry.ts';
import { brief } from '../../scene.ts';
import { judgeCertificates } from '../scenes/certificates-scene.ts';

type Shown = { readonly chain: readonly string[] } | { readonly alert: number } | { readonly http: true };

/**
 * A captured state of real nodes of v0.3.9: Deploy.Status, the handshakes, the challenge path and the lines about
 * certificates.
 */
type Captured = {
  readonly atMs: number;
  readonly routes: readonly { domain: string; deployment: string; tls: 'auto' | 'off' }[];
  readonly certs: readonly { domain: string; environment: 'prod' | 'staging'; not_after?: string }[];
  readonly nodes: { readonly [hostname: string]: { readonly [domain: string]: Shown } };
  readonly challenge: {
    readonly [hostname: string]: { status: number; server: string | null; location: string | null; body: string };
  };
  readonly jaco: readonly string[];
  readonly lines: readonly string[];
};

function answerOf(shown: Shown, domain: string): CertificateAnswer {
  if ('alert' in shown) return { kind: 'alert', code: shown.alert, ms: 3 };
  if ('http' in shown) return { kind: 'not-tls', http: true, ms: 3 };
  const list = shown.chain.map((pem) => new X509Certificate(pem).raw);
  return { kind: 'chain', chain: servedChain(list, domain), ms: 3 };
}

const NOTHING = { error: null, priority: 6, pid: 7, invocation: 'a' };

/** The daemon's own lines in terminal format; a journal has fields instead. */
function daemonEntry(line: string): JournalEntry {
  const fields: { [name: string]: string } = {};
  for (const [, name = '', quoted, plain] of line.matchAll(/(\w+)=(?:"([^"]*)"|(\S+))/g))
    fields[name.toUpperCase()] = quoted ?? plain ?? '';
  const { TIME = '', MSG = '', SUBSYSTEM = '' } = fields;
  return { ...NOTHING, atMs: Date.parse(TIME), subsystem: SUBSYSTEM, message: MSG, fields, raw: false };
}

function proxyEntry(message: string): JournalEntry {
  const atMs = Math.floor((JSON.parse(message) as { ts: number }).ts * 1_000);
  return { ...NOTHING, atMs, subsystem: null, message, fields: {}, raw: true };
}

function judge(name: string, appliedMsAgo: number) {
  const file = new URL(`../../../captures/ingress/${name}.json`, import.meta.url);
  const captured = JSON.parse(readFileSync(file, 'utf8')) as Captured;
  const { settings, domains } = readAcmeLines([...captured.jaco.map(daemonEntry), ...captured.lines.map(proxyEntry)]);
  const stored = new Map(captured.certs.map((cert) => [cert.domain, cert]));
  return judgeCertificates({
    now: captured.atMs,
    domains: captured.routes
      .filter(({ tls, domain }) => tls === 'auto' && Object.values(captured.nodes).some((shown) => domain in shown))
      .toSorted((a, b) => (a.domain < b.domain ? -1 : 1))
      .map(({ domain, deployment }) => {
        const cert = stored.get(domain);
        const notAfterMs = cert?.not_after === undefined ? null : Date.parse(cert.not_after);
        const state = cert === undefined ? null : { domain, environment: cert.environment, notAfterMs };
        return { domain, deployment, appliedAtMs: captured.atMs - appliedMsAgo, state };
      }),
    nodes: Object.fromEntries(
      Object.entries(captured.nodes).map(([hostname, shown]) => [
        hostname,
        Object.fromEntries(Object.entries(shown).map(([domain, one]) => [domain, answerOf(one, domain)])),
      ]),
    ),
    challenge: Object.fromEntries(
      Object.entries(captured.challenge).map(
        ([hostname, answer]) => [hostname, { kind: 'answer', ...answer }] as const,
      ),
    ),
    lines: domains,
    policy: settings === null ? {} : { ...settings, authority: authorityOf(settings.ca) },
  });
}

const LONG_AGO = 3_600_000;
const JUST_NOW = 10_000;

describe('states of real nodes', () => {
  test.each([
    ['dns', 'fail cert_failed:dns dns.test'],
    ['caa', 'fail cert_failed:caa caa.test'],
    ['rate-limited', 'fail cert_failed:rate-limited rate.test'],
    ['connection', 'fail cert_failed:connection refused.test'],
    ['unauthorized', 'fail cert_failed:unauthorized unauth.test'],
    ['unauthorized-staging', 'fail cert_failed:unauthorized unauth2.test'],
    ['authority-unreachable', 'fail cert_failed:ca-unreachable gone.test'],
    ['production-refuses', 'fail cert_failed:rate-limited refuses.test'],
    ['acme-off', 'fail cert_not_issued:acme-off jaco-2'],
    [
      'stored-certificates',
      'fail cert_failed:ca-unreachable expired.test cert_failed:ca-unreachable none.test warn cert_failed:ca-unreachable short.test warn cert_failed:ca-unreachable soon.test cert_expired:not-renewed expired.test cert_expired:not-yet-valid notyet.test cert_name_mismatch cnonly.test cert_not_served:names wrong2.test cert_expiring short.test cert_expiring soon.test',
    ],
  ])('%s', (name, expected) => {
    expect(brief(judge(name, LONG_AGO))).toBe(expected);
    // A refusal counts even if the route is new.
    expect(judge(name, JUST_NOW)?.status).toBe('fail');
  });

  test.each([
    ['healthy', LONG_AGO],
    ['healthy', JUST_NOW],
    ['healthy-follower', LONG_AGO],
    ['healthy-stage-first', JUST_NOW],
    ['slow-authority', JUST_NOW],
    ['reload-during-order', JUST_NOW],
    ['name-contains-staging', LONG_AGO],
    ['staging-authority', LONG_AGO],
    ['wildcard-of-private-authority', LONG_AGO],
  ] as const)('%s is healthy', (name, age) => expect(brief(judge(name, age))).toBe('pass'));
});
