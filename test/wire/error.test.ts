import { readdirSync, readFileSync } from 'node:fs';
import { Metadata } from '@grpc/grpc-js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeError, type WireError } from '../../src/wire/decode-error.ts';
import { AuditEvent, ClusterStatusResponse, Error as JacoError, RpcStatus } from '../../src/wire/jaco.ts';

const folder = new URL('../captures/control/', import.meta.url);

type CapturedError = {
  code: number;
  details: string;
  message: string;
  metadata: Record<string, string[]>;
  status_details_bin_hex: string | null;
};

/** A grpc-js ServiceError as the captured one was. */
function serviceError(captured: CapturedError) {
  const metadata = new Metadata();
  for (const [key, values] of Object.entries(captured.metadata)) {
    for (const value of values)
      metadata.add(key, value.startsWith('hex:') ? Buffer.from(value.slice(4), 'hex') : value);
  }
  return Object.assign(new Error(captured.message), { code: captured.code, details: captured.details, metadata });
}

function capture(name: string): CapturedError {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')).error;
}

const UNINITIALIZED = 'daemon has no raft state — run `jaco cluster init` or `jaco node join`';
const prefix = (text: string) => `No connection established. Last error: ${text}. Resolution note:`;

const expected: Record<string, WireError> = {
  'token-revoked': { code: 'token_revoked', message: 'token has been revoked', grpc: 16, form: 'typed' },
  'token-missing-header': { code: 'token_invalid', message: 'missing authorization header', grpc: 16, form: 'typed' },
  'token-unknown': { code: 'token_invalid', message: 'unknown token', grpc: 16, form: 'typed' },
  'no-leader-follower-token-issue': { code: 'no_leader', message: 'issue requires leader', grpc: 14, form: 'typed' },
  'route-not-found': { code: 'route_not_found', message: 'no routes for domain nope.example', grpc: 5, form: 'typed' },
  'validation-failed-domain': { code: 'validation_failed', message: 'domain is required', grpc: 3, form: 'typed' },
  'no-leader-follower-nodejoin-formB': {
    code: 'no_leader',
    message: 'NodeJoin must be sent to the leader',
    grpc: 14,
    form: 'plain',
  },
  'uninit-cluster-nodelist': { code: 'cluster_uninitialized', message: UNINITIALIZED, grpc: 14, form: 'plain' },
  'unknown-service': { code: null, message: 'unknown service jaco.v1.NoSuch', grpc: 12, form: 'plain' },
  'unimplemented-restore': { code: null, message: 'method Restore not implemented', grpc: 12, form: 'plain' },
  'dial-tcp-refused': {
    code: null,
    message: prefix('Error: connect ECONNREFUSED 10.81.1.1:7999'),
    grpc: 14,
    form: 'transport',
  },
  'dial-unresolvable': {
    code: null,
    message: 'Name resolution failed for target dns:nosuch.invalid:7000',
    grpc: 14,
    form: 'transport',
  },
  'tls-wrong-ca': {
    code: null,
    message: prefix('Error: unable to verify the first certificate'),
    grpc: 14,
    form: 'transport',
  },
};

describe('decodeError', () => {
  it.each(Object.entries(expected))('reads the real %s', (name, want) => {
    expect(decodeError(serviceError(capture(name)))).toEqual(want);
  });

  it('agrees with what was decoded when each error was captured', () => {
    const names = readdirSync(folder).map((file) => file.replace(/\.json$/, ''));
    const typed = names.filter((name) => capture(name)?.status_details_bin_hex);
    expect(typed.length).toBeGreaterThan(5);
    for (const name of typed) {
      const whole = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
      const { code, message } = whole.error.status_details_decoded.details[0].value;
      expect(decodeError(serviceError(whole.error)), name).toMatchObject({ code, message, form: 'typed' });
    }
  });

  // docs/jaco-daemon/errors.md#error-forms: assembled by hand from the rules, later seen byte for byte on the wire
  it('reads and writes the documented bytes of token_revoked', () => {
    const hex =
      '0810120d746f6b656e5f7265766f6b65641a4c0a21747970652e676f6f676c65617069732e636f6d2f6a61636f2e76312e4572726f72' +
      '12270a0d746f6b656e5f7265766f6b65641216746f6b656e20686173206265656e207265766f6b6564';
    const metadata = new Metadata();
    metadata.set('grpc-status-details-bin', Buffer.from(hex, 'hex'));
    expect(decodeError({ code: 16, details: 'token_revoked', metadata })).toEqual(expected['token-revoked']);

    const value = JacoError.encode({ code: 'token_revoked', message: 'token has been revoked', details: {} }).finish();
    const details = [{ typeUrl: 'type.googleapis.com/jaco.v1.Error', value: Buffer.from(value) }];
    const status = RpcStatus.encode({ code: 16, message: 'token_revoked', details }).finish();
    expect(Buffer.from(status).toString('hex')).toBe(hex);
  });

  it('shows an unknown code unchanged', () => {
    expect(decodeError({ code: 13, details: 'brand_new_code: something happened', metadata: new Metadata() })).toEqual({
      code: 'brand_new_code',
      message: 'something happened',
      grpc: 13,
      form: 'plain',
    });
  });

  it('reads a bare code', () => {
    expect(decodeError({ code: 7, details: 'join_token_expired', metadata: new Metadata() })).toMatchObject({
      code: 'join_token_expired',
      form: 'plain',
    });
  });

  it('falls back to the status line when the trailer is garbage', () => {
    const metadata = new Metadata();
    metadata.set('grpc-status-details-bin', Buffer.from('ffffffffffffffffffffff', 'hex'));
    expect(decodeError({ code: 16, details: 'token_revoked', metadata })).toMatchObject({
      code: 'token_revoked',
      grpc: 16,
      form: 'plain',
    });
  });

  it('lets no control character and no endless text through', () => {
    const metadata = new Metadata();
    const value = JacoError.encode({
      code: 'x\u001b[31m',
      message: `\u001b]0;t\u0007${'a'.repeat(9000)}`,
      details: {},
    }).finish();
    const details = [{ typeUrl: '/jaco.v1.Error', value: Buffer.from(value) }];
    metadata.set('grpc-status-details-bin', Buffer.from(RpcStatus.encode({ code: 3, message: '', details }).finish()));
    const read = decodeError({ code: 3, details: 'x', metadata });
    expect(read.code).toBe('x');
    expect(read.message).toHaveLength(500);
    expect(read.message).not.toMatch(/\p{Cc}/u);
  });

  it.each([undefined, null, 7, 'text', [], {}, new Error('plain'), { code: 99, details: 5, metadata: 'no' }])(
    'takes %s',
    (value) => {
      expect(decodeError(value)).toMatchObject({ code: null, grpc: 2, form: 'transport' });
    },
  );

  it('survives a trailer of random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string({ maxLength: 40 }), (bytes, details) => {
        const metadata = new Metadata();
        metadata.set('grpc-status-details-bin', Buffer.from(bytes));
        const read = decodeError({ code: 3, details, metadata });
        expect(read.message.length).toBeLessThanOrEqual(500);
        expect(`${read.code}${read.message}`).not.toMatch(/\p{Cc}/u);
      }),
      { numRuns: 10_000 },
    );
  });

  it('survives random bytes behind a true type URL', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const details = [{ typeUrl: 'type.googleapis.com/jaco.v1.Error', value: Buffer.from(bytes) }];
        const metadata = new Metadata();
        const status = RpcStatus.encode({ code: 3, message: 'x', details }).finish();
        metadata.set('grpc-status-details-bin', Buffer.from(status));
        decodeError({ code: 3, details: 'x', metadata });
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('the generated codec', () => {
  it('keeps an index above 2^53 and clocks of 1970 and 2100', () => {
    const raftIndex = '18446744073709551615';
    const back = ClusterStatusResponse.decode(
      ClusterStatusResponse.encode({ nodes: [], leader: '', raftIndex, initialized: true, suffrages: [] }).finish(),
    );
    expect(back.raftIndex).toBe(raftIndex);
    for (const seconds of ['0', '-5', '4102444800', '253402300799']) {
      const event = { raftIndex: '1', type: 22, identity: '', ts: { seconds, nanos: 999_999_999 }, payload: {} };
      expect(AuditEvent.decode(AuditEvent.encode(event).finish())).toEqual(event);
    }
  });
});
