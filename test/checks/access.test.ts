import { describe, expect, test } from 'vitest';
import controlExposure from '../../checks/jaco/control-exposure.ts';
import controlTls from '../../checks/jaco/control-tls.ts';
import operatorToken from '../../checks/jaco/operator-token.ts';
import { severityOf } from '../../src/catalog/generated/ids.ts';
import type { Json } from '../../src/engine/json.ts';
import { judgeAll } from '../../src/engine/judge.ts';
import { failed, notApplicable, type Outcome, value } from '../../src/engine/outcome.ts';
import { hostAddresses } from '../../src/probes/host/addresses.ts';
import { listeners } from '../../src/probes/host/listeners.ts';
import type { Hello, Leaf } from '../../src/probes/io/tls.ts';
import { exposedPorts } from '../../src/probes/jaco/access/exposed-ports.ts';
import { memberCertificates } from '../../src/probes/jaco/access/member-certificates.ts';
import { ownCertificate } from '../../src/probes/jaco/access/own-certificate.ts';
import { type ListedToken, tokenList } from '../../src/probes/jaco/access/token-list.ts';
import { tokenShape } from '../../src/probes/jaco/access/token-shape.ts';
import { type TokenTrial, tokenTrial } from '../../src/probes/jaco/access/token-trial.ts';
import { clusterCa } from '../../src/probes/jaco/control/cluster-ca.ts';
import { clusterStatus } from '../../src/probes/jaco/control/cluster-status.ts';
import { servers } from '../../src/probes/jaco/control/servers.ts';
import type { ClusterStatus } from '../../src/probes/jaco/control/status-fact.ts';
import type { TlsTarget } from '../../src/probes/jaco/control/tls-target.ts';
import { jacodProcess } from '../../src/probes/jaco/daemon/process.ts';
import { knownLeader } from '../../src/probes/jaco/raft/known-leader.ts';
import { localNode } from '../../src/probes/jaco/raft/local-node.ts';
import { productOf } from '../engine/small-product.ts';
import { brief, wordsOf } from './daemon-scene.ts';
import { gathered } from './gathered.ts';
import { captured, hostOf, soonAfter } from './raft-scene.ts';

const three = captured('status-leader-3');
const NOW = soonAfter(three);
const DAY = 86_400_000;
const PEM = '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n';

const leaf = (given: Partial<Leaf> = {}): Leaf => ({
  subject: 'jaco-1',
  issuer: 'JACO Cluster CA',
  dnsNames: ['jaco-1'],
  addresses: ['10.81.3.1'],
  notBeforeMs: NOW - 100 * DAY,
  notAfterMs: NOW + 3_000 * DAY,
  fingerprint: 'AA:BB',
  selfSigned: false,
  authority: '5b0f',
  signedByCa: true,
  covers: true,
  ...given,
});
const bootstrap = {
  subject: 'jacod-bootstrap (bootstrap)',
  issuer: 'jacod-bootstrap (bootstrap)',
  selfSigned: true,
  covers: false,
};
const target = (given: Partial<Leaf> = {}, more: Partial<TlsTarget> = {}): TlsTarget => {
  const hello: Hello = { kind: 'hello', leaf: leaf(given), protocol: 'TLSv1.3', ms: 9 };
  return { subject: 'jaco-1', address: '10.81.3.1:7000', own: true, hearsay: false, hello, refused: null, ...more };
};

type Scene = {
  readonly targets?: readonly TlsTarget[];
  readonly ca?: Outcome;
  readonly status?: ClusterStatus | Outcome;
  readonly servers?: Outcome;
  readonly trial?: TokenTrial | Outcome;
  readonly tokens?: readonly ListedToken[] | Outcome;
  readonly leader?: Outcome;
  readonly listening?: readonly { readonly address: string; readonly port: number; readonly program?: string | null }[];
  readonly addresses?: readonly string[];
  readonly now?: number;
};

const outcome = (given: Json | Outcome): Outcome =>
  given !== null &&
  typeof given === 'object' &&
  'kind' in given &&
  ['value', 'failed', 'not-applicable'].includes(String(given.kind))
    ? (given as Outcome)
    : value(given as Json);

const NONE = notApplicable('no token was given, and the control socket needs none');
const CA = value({
  path: '/var/lib/jaco/node/ca.crt',
  from: 'node',
  pem: PEM,
  fingerprints: ['CC:DD'],
  notAfterMs: null,
});

/** The rows of group 3 over a scene: on a node, healthy but for what is given. */
function judge(scene: Scene) {
  const { now = NOW, targets = [target()] } = scene;
  const given = new Map<string, Outcome>([
    [clusterStatus.name, outcome((scene.status ?? three) as Json)],
    [servers.name, scene.servers ?? notApplicable('on a node')],
    [clusterCa.name, scene.ca ?? CA],
    [ownCertificate.name, value({ targets: targets.filter(({ own }) => own) } as unknown as Json)],
    [memberCertificates.name, value({ targets: targets.filter(({ own }) => !own) } as unknown as Json)],
    [localNode.name, value(hostOf('jaco-1', three) as unknown as Json)],
    [
      knownLeader.name,
      scene.leader ?? value({ address: '10.81.3.1:7001', hostname: 'jaco-1', grpcAddress: '10.81.3.1:7000' }),
    ],
    [tokenTrial.name, outcome((scene.trial ?? NONE) as Json | Outcome)],
    [
      tokenList.name,
      Array.isArray(scene.tokens ?? [])
        ? value({
            tokens: scene.tokens ?? [{ identity: 'bootstrap', revoked: false, revokedAtMs: null }],
            omitted: 0,
          } as unknown as Json)
        : (scene.tokens as Outcome),
    ],
    [hostAddresses.name, value({ addresses: [...(scene.addresses ?? ['10.81.3.1', '127.0.0.1'])] })],
    [
      jacodProcess.name,
      value({ main: { pid: 226 }, from: 'unit', socketDirPrivate: false, others: [] } as unknown as Json),
    ],
    [
      listeners.name,
      value({
        listeners: (
          scene.listening ?? [
            { address: '10.81.3.1', port: 7000 },
            { address: '10.81.3.1', port: 7001 },
          ]
        ).map((one) => ({
          protocol: 'tcp',
          uid: 999,
          program: 'jacod',
          ...one,
          pid: one.program === undefined || one.program === 'jacod' ? 226 : null,
        })),
        unix: [],
        holdersVisible: true,
      } as unknown as Json),
    ],
  ]);
  const product = productOf(
    { check: controlTls, owns: [clusterCa, ownCertificate, memberCertificates] },
    { check: operatorToken, owns: [tokenTrial, tokenList] },
    { check: controlExposure, owns: [exposedPorts] },
  );
  const chosen = new Set(product.order.map(({ check }) => check.name));
  const mode = 'node' as const;
  const rows = judgeAll(product, gathered(product, given, { now, mode }), {
    mode,
    now,
    chosen,
    severityOf: (id) => severityOf[id],
  });
  const named = Object.fromEntries(rows.map((row) => [row.name, row]));
  return { tls: named['control-tls'], token: named['operator-token'], exposure: named['control-exposure'] };
}

test('a healthy node: its certificate, a token that is not revoked, private addresses', () => {
  const { tls, token, exposure } = judge({});
  expect([brief(tls), brief(token), brief(exposure)]).toEqual(['pass', 'pass', 'pass']);
  expect(tls?.evidence).toEqual([
    'jaco-1 at 10.81.3.1:7000 shows a certificate of jaco-1, issued by JACO Cluster CA, signed by the CA in /var/lib/jaco/node/ca.crt',
  ]);
  expect(wordsOf(token)).toContain('1 of 1 operator tokens are not revoked: bootstrap');
  expect(wordsOf(exposure)).toContain('listens on 10.81.3.1:7000, 10.81.3.1:7001: private addresses');
});

describe('the certificate', () => {
  test('of another cluster bears the same name, so keys and fingerprints are told', () => {
    const { tls } = judge({ targets: [target({ signedByCa: false, authority: 'ffee' })] });
    expect(brief(tls)).toBe('fail tls_untrusted:other-cluster');
    expect(wordsOf(tls)).toMatch(/signs with key ffee; SHA-256 of the certificate shown: AA:BB/);
    expect(wordsOf(tls)).toMatch(/the CA in \/var\/lib\/jaco\/node\/ca\.crt is another one: SHA-256 CC:DD/);
  });

  test('of a proxy in between is of no JACO CA at all', () => {
    const { tls } = judge({ targets: [target({ signedByCa: false, issuer: 'R11', subject: 'lb.example' })] });
    expect(brief(tls)).toBe('fail tls_untrusted:other-issuer');
  });

  test('that does not name the address dialled says what it names', () => {
    const { tls } = judge({ targets: [target({ covers: false }, { address: '10.81.1.202:7000' })] });
    expect(brief(tls)).toBe('fail tls_name_mismatch:other-address');
    expect(tls?.findings[0]).toMatchObject({ subject: 'jaco-1', values: { names: 'jaco-1, 10.81.3.1' } });
    expect(wordsOf(tls)).toMatch(/it names jaco-1, 10\.81\.3\.1\n10\.81\.1\.202:7000 is what was dialled/);
  });

  test('that a daemon starts with is a fault where it belongs to a cluster, with or without a CA to compare', () => {
    for (const ca of [CA, failed('denied', 'read', '/var/lib/jaco/node/ca.crt: EACCES')] as Outcome[]) {
      const signedByCa = ca.kind === 'value' ? false : null;
      expect(brief(judge({ ca, targets: [target({ ...bootstrap, signedByCa })] }).tls)).toBe(
        'fail tls_bootstrap_certificate:lost-certificate',
      );
    }
  });

  test('that a daemon starts with is as it should be on a node that has taken up no cluster', () => {
    const { tls } = judge({ status: captured('status-uninitialized'), targets: [target(bootstrap)] });
    expect(brief(tls)).toBe('not-applicable');
  });

  test('that has ended, or is not yet valid, is told with its date', () => {
    const ended = judge({ targets: [target({ notAfterMs: NOW - DAY })] }).tls;
    expect(brief(ended)).toBe('fail tls_untrusted:expired');
    expect(wordsOf(ended)).toContain(`it ended at ${new Date(NOW - DAY).toISOString().slice(0, 19)}Z`);
    expect(brief(judge({ targets: [target({ notBeforeMs: NOW + 60_000 })] }).tls)).toBe(
      'fail tls_untrusted:not-yet-valid',
    );
  });

  test('that is over leads to the file of the node that shows it', () => {
    const old = target(
      { subject: 'jaco-3', notAfterMs: NOW - DAY },
      { subject: 'jaco-3', address: '10.81.3.3:7000', own: false },
    );
    expect(judge({ targets: [target(), old] }).tls?.findings).toMatchObject([
      { id: 'tls_untrusted', cause: 'expired', subject: 'jaco-3', values: { hostname: 'jaco-3' } },
    ]);
  });

  test('is not called over by a clock that the cluster’s heartbeats contradict', () => {
    for (const now of [Date.parse('2100-01-01'), Date.parse('1970-01-02')]) {
      const { tls } = judge({ now });
      expect(brief(tls)).toBe('unknown');
      expect(wordsOf(tls)).toMatch(/by this host's clock \((2100|1970)-01-0\dT.*one of the clocks is wrong/);
    }
  });

  test('nor by a clock that stamps a heartbeat of its own', () => {
    const now = Date.parse('2100-01-01');
    const nodes = three.nodes.map((node) => (node.hostname === 'jaco-1' ? { ...node, lastPressureAtMs: now } : node));
    const { tls } = judge({ now, status: { ...three, nodes } });
    expect(brief(tls)).toBe('unknown');
    expect(wordsOf(tls)).toMatch(/one of the clocks is wrong/);
  });

  test('is unknown, never good, where the CA may not be read, and the right is named', () => {
    const { tls } = judge({
      ca: failed('denied', 'read', '/var/lib/jaco/node/ca.crt: EACCES') as Outcome,
      targets: [target({ signedByCa: null })],
    });
    expect(brief(tls)).toBe('unknown');
    expect(wordsOf(tls)).toMatch(/may be read by root and user jaco only.*--ca-cert names a copy/);
  });

  test('of another member is judged beside this node’s own', () => {
    const { tls } = judge({
      targets: [target(), target(bootstrap, { subject: 'jaco-3', address: '10.81.3.3:7000', own: false })],
    });
    expect(brief(tls)).toBe('fail tls_bootstrap_certificate:lost-certificate');
    expect(tls?.findings[0]?.subject).toBe('jaco-3');
  });

  test('that looks right and is refused all the same is not called good', () => {
    expect(brief(judge({ targets: [target({}, { refused: 'unsuitable certificate purpose' })] }).tls)).toBe(
      'fail tls_untrusted:refused',
    );
  });

  test('at an address that is only listed may be another machine’s, seen from outside', () => {
    const other = target(
      { signedByCa: false },
      { subject: 'jaco-3', address: '192.168.1.3:7000', own: false, hearsay: true },
    );
    const { tls } = judge({ targets: [target(), other] });
    expect(brief(tls)).toBe('unknown');
    expect(wordsOf(tls)).toMatch(/from here another machine may have its address: jaco-3 at 192\.168\.1\.3:7000/);
  });

  test('of a port that shows none is not judged, and the others are', () => {
    const silent: Hello = {
      kind: 'no-tls',
      fault: 'silent',
      detail: 'connected, then no TLS handshake within 1500 ms',
      ms: 1500,
    };
    const { tls } = judge({
      targets: [target(), { ...target(), subject: 'jaco-2', address: '10.81.3.2:7000', own: false, hello: silent }],
    });
    expect(brief(tls)).toBe('unknown');
    expect(wordsOf(tls)).toContain('10.81.3.2:7000: connected, then no TLS handshake within 1500 ms');
  });
});

describe('the operator token', () => {
  const hex = '0123456789abcdef'.repeat(4);
  const refused = (token: string): TokenTrial => ({
    kind: 'refused',
    code: 'token_invalid',
    said: 'token_invalid: unknown token',
    shape: tokenShape(token),
  });

  test('that is missing, or set and empty, is told apart from a wrong one', () => {
    expect(brief(judge({ trial: { kind: 'missing', how: 'absent' } }).token)).toBe('fail token_missing:absent');
    expect(brief(judge({ trial: { kind: 'missing', how: 'empty' } }).token)).toBe('fail token_missing:empty');
  });

  for (const [what, token, cause] of [
    ['a stranger', hex, 'right'],
    ['in capitals', hex.toUpperCase(), 'upper-case'],
    ['with the scheme before it', `Bearer ${hex}`, 'scheme-word'],
    ['with a blank behind it', `${hex} `, 'blanks'],
    ['cut short', hex.slice(1), 'other'],
  ] as const)
    test(`that is ${what} is unknown to the cluster, and nothing of it is shown`, () => {
      const { token: row } = judge({ trial: refused(token) });
      expect(brief(row)).toBe(`fail token_invalid:${cause}`);
      expect(wordsOf(row)).toMatch(/the daemon says: token_invalid: unknown token/);
      expect(wordsOf(row).toLowerCase()).not.toContain(hex.slice(1, 20));
    });

  test('that no header can carry is not sent and invalid all the same', () => {
    expect(brief(judge({ trial: { kind: 'unsendable', shape: tokenShape(`${hex}\r`) } }).token)).toBe(
      'fail token_invalid:blanks',
    );
  });

  test('that was withdrawn is revoked', () => {
    const trial: TokenTrial = {
      kind: 'refused',
      code: 'token_revoked',
      said: 'token has been revoked',
      shape: tokenShape(hex),
    };
    expect(brief(judge({ trial }).token)).toBe('fail token_revoked:revoked');
  });

  test('nobody has any more: a warning, with whose was the last', () => {
    const tokens = [
      { identity: 'bootstrap', revoked: true, revokedAtMs: NOW - DAY },
      { identity: 'ci', revoked: true, revokedAtMs: NOW - 60_000 },
    ];
    const { token } = judge({ tokens });
    expect(brief(token)).toBe('warn operator_locked_out');
    expect(wordsOf(token)).toMatch(/all 2 tokens are revoked; the last was ci, at 20/);
  });

  test('is not judged without a leader: a restarted node calls every good one unknown', () => {
    const leader = failed(
      'withheld',
      'leader',
      'this node knows no leader, so what it has stored may be old or empty',
    ) as Outcome;
    const { token } = judge({ leader, trial: leader, tokens: leader });
    expect(brief(token)).toBe('unknown');
  });

  test('that was not sent for want of a port to trust is unknown, with the reason', () => {
    const withheld = failed(
      'withheld',
      'tls',
      'the token was not sent: no operator port proved to be of the cluster',
      ownCertificate,
    ) as Outcome;
    const { token } = judge({ trial: withheld, targets: [target(bootstrap)] });
    expect(brief(token)).toBe('blocked by tls_bootstrap_certificate');
  });
});

describe('the control ports', () => {
  test('on a public address are a warning each, and raft is named for what it is', () => {
    const { exposure } = judge({
      listening: [
        { address: '203.0.113.9', port: 7000 },
        { address: '203.0.113.9', port: 7001 },
      ],
    });
    expect(brief(exposure)).toBe('warn control_port_exposed control_port_exposed');
    expect(exposure?.findings.map(({ subject, values }) => [subject, values?.['port']])).toEqual([
      ['203.0.113.9:7000', '7000'],
      ['203.0.113.9:7001', '7001'],
    ]);
    expect(wordsOf(exposure)).toMatch(/the raft port speaks without encryption/);
  });

  test('on all addresses are on the public one among them', () => {
    const { exposure } = judge({
      listening: [{ address: '0.0.0.0', port: 7000 }],
      addresses: ['127.0.0.1', '10.0.0.4', '198.51.100.7'],
    });
    expect(exposure?.findings.map(({ subject }) => subject)).toEqual(['198.51.100.7:7000']);
  });

  test('on all addresses of both families are on the public IPv6 one too, and 0.0.0.0 is none of that family', () => {
    const addresses = ['10.0.0.4', '127.0.0.1', '2001:db8::7', '::1', 'fe80::1'];
    const both = judge({ listening: [{ address: '::', port: 7000 }], addresses });
    expect(both.exposure?.findings.map(({ subject }) => subject)).toEqual(['[2001:db8::7]:7000']);
    expect(brief(judge({ listening: [{ address: '0.0.0.0', port: 7000 }], addresses }).exposure)).toBe('pass');
  });

  test('of a node that is not initialized can be claimed', () => {
    const { exposure } = judge({
      status: captured('status-uninitialized'),
      listening: [{ address: '2001:db8::7', port: 7000 }],
    });
    expect(wordsOf(exposure)).toMatch(
      /\[2001:db8::7\]:7000 listens, and that is a public address[\s\S]*whoever calls first can claim it/,
    );
  });

  test('that another program holds are none of the daemon’s', () => {
    expect(brief(judge({ listening: [{ address: '203.0.113.9', port: 7000, program: 'nginx' }] }).exposure)).toBe(
      'not-applicable',
    );
  });

  test('on shared, link-local or loopback addresses are not public', () => {
    const addresses = ['100.64.0.9', '169.254.1.1', '127.0.0.1', '172.31.0.1', 'fd00::1', 'fe80::1', '::1'];
    expect(brief(judge({ listening: addresses.map((address) => ({ address, port: 7000 })) }).exposure)).toBe('pass');
  });
});
