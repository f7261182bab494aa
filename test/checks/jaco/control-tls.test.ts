import { describe, expect, test } from 'vitest';
import controlTls from '../../../checks/jaco/control-tls.ts';
import { failed, type Outcome } from '../../../src/engine/outcome.ts';
import type { Handshake } from '../../../src/probes/io/tls.ts';
import { brief, idsAndTextsArePinned, unquoted } from '../scene.ts';
import { bootstrap, CA, DAY, judge, NOW, target, three } from './scenes/access-scene.ts';
import { captured } from './scenes/raft-scene.ts';

describe('the certificate', () => {
  test('of another cluster has the same name, so keys and fingerprints are shown', () => {
    const { tls } = judge({ targets: [target({ signedByCa: false, authority: 'ffee' })] });
    expect(brief(tls)).toBe('fail tls_untrusted:other-cluster jaco-1');
    expect(unquoted(tls, 'SHA-256', 'AA:BB')).toEqual([]);
    expect(unquoted(tls, '/var/lib/jaco/node/ca.crt', 'SHA-256', 'CC:DD')).toEqual([]);
  });

  test('of a proxy in between is from no JACO CA at all', () => {
    const { tls } = judge({ targets: [target({ signedByCa: false, issuer: 'R11', subject: 'lb.example' })] });
    expect(brief(tls)).toBe('fail tls_untrusted:other-issuer jaco-1');
  });

  test('that does not name the address dialled says what it names', () => {
    const { tls } = judge({ targets: [target({ covers: false }, { address: '10.81.1.202:7000' })] });
    expect(brief(tls)).toBe('fail tls_name_mismatch jaco-1');
    expect(tls?.findings[0]).toMatchObject({ subject: 'jaco-1', values: { names: 'jaco-1, 10.81.3.1' } });
    expect(unquoted(tls, 'jaco-1', '10.81.3.1', '10.81.1.202:7000')).toEqual([]);
  });

  test('that a daemon starts with is a fault if it belongs to a cluster, with or without a CA to compare', () => {
    for (const ca of [CA, failed('denied', 'read', '/var/lib/jaco/node/ca.crt: EACCES')] as Outcome[]) {
      const signedByCa = ca.kind === 'value' ? false : null;
      expect(brief(judge({ ca, targets: [target({ ...bootstrap, signedByCa })] }).tls)).toBe(
        'fail tls_bootstrap_certificate:lost-certificate jaco-1',
      );
    }
  });

  test('that a daemon starts with is expected on a node that has joined no cluster', () => {
    const { tls } = judge({ status: captured('status-uninitialized'), targets: [target(bootstrap)] });
    expect(brief(tls)).toBe('not-applicable');
  });

  test('that is expired, or not yet valid, is reported with its date', () => {
    const ended = judge({ targets: [target({ notAfterMs: NOW - DAY })] }).tls;
    expect(brief(ended)).toBe('fail tls_untrusted:expired jaco-1');
    expect(unquoted(ended, `${new Date(NOW - DAY).toISOString().slice(0, 19)}Z`)).toEqual([]);
    expect(brief(judge({ targets: [target({ notBeforeMs: NOW + 60_000 })] }).tls)).toBe(
      'fail tls_untrusted:not-yet-valid jaco-1',
    );
  });

  test('that is expired has a step with the file of the node that shows it', () => {
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
      expect(unquoted(tls, `${new Date(now).toISOString().slice(0, 19)}Z`)).toEqual([]);
    }
  });

  test('nor by a clock that stamps its own heartbeat', () => {
    const now = Date.parse('2100-01-01');
    const nodes = three.nodes.map((node) => (node.hostname === 'jaco-1' ? { ...node, lastPressureAtMs: now } : node));
    const { tls } = judge({ now, status: { ...three, nodes } });
    expect(brief(tls)).toBe('unknown');
  });

  test('is unknown, never good, if the CA may not be read, and the right is named', () => {
    const { tls } = judge({
      ca: failed('denied', 'read', '/var/lib/jaco/node/ca.crt: EACCES') as Outcome,
      targets: [target({ signedByCa: null })],
    });
    expect(brief(tls)).toBe('unknown');
    expect(unquoted(tls, '--ca-cert')).toEqual([]);
  });

  test('of another member is judged in addition to this node’s', () => {
    const { tls } = judge({
      targets: [target(), target(bootstrap, { subject: 'jaco-3', address: '10.81.3.3:7000', own: false })],
    });
    expect(brief(tls)).toBe('fail tls_bootstrap_certificate:lost-certificate jaco-3');
    expect(tls?.findings[0]?.subject).toBe('jaco-3');
  });

  test('that looks right and is refused all the same is not called good', () => {
    expect(brief(judge({ targets: [target({}, { refused: 'unsuitable certificate purpose' })] }).tls)).toBe(
      'fail tls_untrusted:refused jaco-1',
    );
  });

  test('at an address that is only listed may be another machine’s, seen from outside', () => {
    const other = target(
      { signedByCa: false },
      { subject: 'jaco-3', address: '192.168.1.3:7000', own: false, hearsay: true },
    );
    const { tls } = judge({ targets: [target(), other] });
    expect(brief(tls)).toBe('unknown');
    expect(unquoted(tls, 'jaco-3', '192.168.1.3:7000')).toEqual([]);
  });

  test('of a port that shows none is not judged, but the others are', () => {
    const silent: Handshake = {
      kind: 'no-tls',
      fault: 'silent',
      detail: 'connected, then no TLS handshake within 1500 ms',
      ms: 1500,
    };
    const { tls } = judge({
      targets: [target(), { ...target(), subject: 'jaco-2', address: '10.81.3.2:7000', own: false, hello: silent }],
    });
    expect(brief(tls)).toBe('unknown');
    expect(unquoted(tls, '10.81.3.2:7000', 'connected, then no TLS handshake within 1500 ms')).toEqual([]);
  });
});

idsAndTextsArePinned('jaco', controlTls);
