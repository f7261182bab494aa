import { expect, test } from 'vitest';
import { failed } from '../../src/engine/outcome.ts';
import { check, giving, pass, probe, productOf, reading, rowOf, run, value } from './small-product.ts';

const misdeeds: { readonly [what: string]: { collect: () => Promise<ReturnType<typeof value>>; says: RegExp } } = {
  'throws at once': {
    collect: () => {
      throw new TypeError('x is not a function');
    },
    says: /TypeError: x is not a function/,
  },
  rejects: { collect: () => Promise.reject(new Error('lost')), says: /Error: lost/ },
  'throws a string': { collect: () => Promise.reject('just words'), says: /just words/ },
  'throws what cannot be shown': {
    collect: () =>
      Promise.reject({
        toString() {
          throw new Error('no');
        },
      }),
    says: /cannot be shown/,
  },
  'calls process.exit': {
    collect: async () => {
      process.exit(0);
    },
    says: /called process\.exit\(0\)/,
  },
  'calls process.exit in a callback': {
    collect: () =>
      new Promise(() => {
        setImmediate(() => process.exit(7));
      }),
    says: /called process\.exit\(7\)/,
  },
  'prints to stdout': {
    collect: async () => {
      process.stdout.write('{"half":');
      return value(1);
    },
    says: /printed: \{"half":/,
  },
  'prints to stderr through the console': {
    collect: async () => {
      process.stderr.write('debugging');
      return value(1);
    },
    says: /printed: debugging/,
  },
  'throws later, in a timer': {
    collect: () =>
      new Promise(() => {
        setTimeout(() => {
          throw new Error('late');
        }, 5);
      }),
    says: /Error: late/,
  },
  'leaves an unhandled rejection': {
    collect: () =>
      new Promise(() => {
        void Promise.reject(new Error('floating'));
      }),
    says: /Error: floating/,
  },
};

for (const [what, { collect, says }] of Object.entries(misdeeds)) {
  test(`a probe that ${what} costs its own row and no other`, async () => {
    const bad = probe({ name: 'bad', where: 'anywhere', deadlineMs: 500, collect: collect as never });
    const good = giving('good');
    const ran = await run(productOf({ check: reading('first', { bad }) }, { check: reading('second', { good }) }));
    expect(rowOf(ran, 'first').status).toBe('unknown');
    expect(rowOf(ran, 'first').reason).toMatch(/check_crashed/);
    expect(rowOf(ran, 'first').reason).toMatch(says);
    expect(rowOf(ran, 'second').status).toBe('pass');
    expect(ran.strays).toEqual([]);
  });
}

const badJudges: { readonly [what: string]: { judge: () => never; says: RegExp } } = {
  throws: {
    judge: () => {
      throw new RangeError('deep');
    },
    says: /RangeError: deep/,
  },
  'calls process.exit': { judge: () => process.exit(1), says: /called process\.exit\(1\)/ },
  prints: {
    judge: () => {
      process.stdout.write('hello');
      return pass([]) as never;
    },
    says: /printed: hello/,
  },
  'finds an id it never declared': {
    judge: () =>
      ({
        kind: 'judged',
        findings: [{ id: 'stranger', subject: null, evidence: [] }],
        evidence: [],
        notes: [],
        notJudged: [],
      }) as never,
    says: /undeclared stranger/,
  },
};

for (const [what, { judge, says }] of Object.entries(badJudges)) {
  test(`a check that ${what} costs its own row and no other`, async () => {
    const good = giving('good');
    const bad = check({ name: 'bad', group: 'g', where: 'anywhere', title: 't', reads: { good }, finds: [], judge });
    const ran = await run(productOf({ check: bad }, { check: reading('second', { good }) }));
    expect(rowOf(ran, 'bad')).toMatchObject({ status: 'unknown', findings: [] });
    expect(rowOf(ran, 'bad').reason).toMatch(says);
    expect(rowOf(ran, 'second').status).toBe('pass');
  });
}

test('a probe that never settles ends at its deadline, with the phase it was in', async () => {
  let aborted = false;
  const stuck = probe({
    name: 'stuck',
    where: 'anywhere',
    deadlineMs: 40,
    collect: (io, _facts, signal) => {
      io.phase('tls');
      signal.addEventListener('abort', () => {
        aborted = true;
      });
      return new Promise(() => {});
    },
  });
  const ran = await run(productOf({ check: reading('waits', { stuck }) }));
  expect(rowOf(ran, 'waits').reason).toBe('no answer within 40 ms, at tls');
  expect(aborted).toBe(true);
});

test('a probe that outlives the run ends with the run, and says that it was the run that ended it', async () => {
  const stuck = probe({ name: 'stuck', where: 'anywhere', deadlineMs: 60_000, collect: () => new Promise(() => {}) });
  const ran = await run(productOf({ check: reading('waits', { stuck }) }), { budgetMs: 60 });
  expect(rowOf(ran, 'waits').reason).toMatch(/before the run's time was over, at start/);
});

test('what a probe says it failed with is bounded and cannot move the cursor', async () => {
  const hostile = probe({
    name: 'hostile',
    where: 'anywhere',
    deadlineMs: 500,
    collect: async () => failed('unreadable', 'read', `\u001b]0;owned\u0007\u001b[2J${'x'.repeat(10_000)}`),
  });
  const ran = await run(productOf({ check: reading('reads', { hostile }) }));
  const { reason } = rowOf(ran, 'reads');
  expect(reason).not.toMatch(/\u001b|\u0007|owned/);
  expect((reason as string).length).toBeLessThanOrEqual(500);
});

test('runs that overlap leave the process as they found it', async () => {
  const found = { exit: process.exit, write: process.stdout.write, warned: process.listeners('warning') };
  const lasting = (ms: number) =>
    run(
      productOf({
        check: reading('waits', {
          slow: probe({ name: 'slow', where: 'anywhere', deadlineMs: ms, collect: () => new Promise(() => {}) }),
        }),
      }),
    );
  await Promise.all([lasting(20), lasting(60), lasting(40)]);
  expect(process.exit).toBe(found.exit);
  expect(process.stdout.write).toBe(found.write);
  expect(process.listeners('warning')).toEqual(found.warned);
});
