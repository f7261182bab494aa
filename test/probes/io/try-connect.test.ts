import { expect, test } from 'vitest';
import { decisiveFailure } from '../../../src/probes/io/try-connect.ts';
import { livenessOf } from '../../../src/probes/jaco/raft/peer-answer.ts';

const error = (code: string) => ({ kind: 'error', code, ms: 1 }) as const;
const SILENT = { kind: 'no-answer', ms: 1 } as const;

test('of all addresses of a name an error of the target counts first, then silence, then an error of this machine', () => {
  expect(decisiveFailure([SILENT, error('ENETUNREACH')])).toBe(SILENT);
  expect(decisiveFailure([error('EAFNOSUPPORT'), SILENT])).toBe(SILENT);
  expect(decisiveFailure([SILENT, error('ECONNREFUSED')])).toMatchObject({ code: 'ECONNREFUSED' });
  expect(decisiveFailure([error('EADDRNOTAVAIL'), error('EHOSTUNREACH')])).toMatchObject({ code: 'EHOSTUNREACH' });
  expect(decisiveFailure([error('ENETUNREACH')])).toMatchObject({ code: 'ENETUNREACH' });
});

test('a member is not dead because the doctor has no descriptor left to connect', () => {
  const answer = { kind: 'failure', why: 'absent', phase: 'connect', detail: '', code: null, grpc: null } as const;
  const life = (connect: typeof SILENT | ReturnType<typeof error>) =>
    livenessOf({ answer, connect, guessed: true, by: 'member' });
  expect([life(error('EMFILE')), life(error('EHOSTUNREACH')), life(SILENT)]).toEqual(['unclear', 'dead', 'dead']);
});
