import type { Health } from '../../../src/probes/jacqos/health.ts';
import { answered, troubled } from './scene.ts';

/** The answer of a plane, or the meaning of its silence, judged alike for both planes. */
export const UNAVAILABLE: readonly (readonly [incident: string, health: Health])[] = [
  ['not listening', troubled()],
  ['an error of the server', answered(500)],
  ['a gateway without a server', answered(502)],
  ['out of service', answered(503)],
];

const unknown = { phase: 'dns', code: 'ENOTFOUND', why: 'absent' } as const;
/** The name of an address that a flag or a variable gives does not exist, and that of the default. */
export const UNKNOWN_NAME = troubled({ ...unknown, detail: 'cloud.test: no such name' });
export const UNKNOWN_DEFAULT = troubled({ ...unknown, source: 'the default', detail: 'no such name' });

export const ALIVE = [200, 204, 401, 403, 429] as const;

const word = { key: 'status', word: 'degraded', standing: 'other' } as const;
export const UNDECIDED: readonly (readonly [incident: string, health: Health, reason: RegExp])[] = [
  ['a path that is not there', answered(404), / 404 /],
  ['a redirect', answered(302, { redirectedTo: 'login.hotel.test' }), /login\.hotel\.test/],
  ['a page for people', answered(200, { body: 'page' }), /a web page/],
  ['a network that asks for a sign-in', answered(511), / 511 /],
  ['an unknown state word', answered(200, { words: [word] }), /"degraded" \(status\)/],
  [
    'no answer in time',
    troubled({ phase: 'first-byte', why: 'silent', code: null, detail: 'no byte' }),
    /at first-byte: no byte/,
  ],
  [
    'a certificate',
    troubled({ phase: 'tls', code: 'expired', detail: 'the certificate has expired' }),
    /at tls: the certificate has expired/,
  ],
  [
    'a name server that does not answer',
    troubled({ phase: 'dns', code: null, why: 'timeout', detail: 'no answer from DNS' }),
    /at dns: no answer from DNS/,
  ],
  [
    'the production name unknown to this network',
    troubled({ source: 'the default', phase: 'dns', code: 'ENOTFOUND', why: 'absent', detail: 'no such name' }),
    /at dns: no such name/,
  ],
  [
    'a proxy that is dead',
    troubled({
      phase: 'proxy',
      code: 'ECONNREFUSED',
      proxy: 'proxy.test:3128',
      detail: 'the proxy proxy.test:3128: refused',
    }),
    /at proxy: the proxy proxy\.test:3128/,
  ],
  [
    'an error that may be the proxy’s',
    answered(502, { asked: 'http://cloud.test/x', proxy: 'proxy.test:3128' }),
    /proxy\.test:3128/,
  ],
];
