import { expect, test } from 'vitest';
import { products } from '../../checks/index.ts';
import { chalkFor } from '../../src/cli/terminal.ts';
import { formatNames, formats } from '../../src/report/formats/index.ts';
import type { Report } from '../../src/report/report.ts';
import { healthy, sick } from './sample.ts';

const look = (width: number, verbose = false, colour = false) => ({
  width,
  verbose,
  colour: chalkFor(colour),
  headerFields: products.jaco.headerFields,
});
const golden = (name: string) => `../golden/${name}`;

// The exit code is in the name, so that a golden output and its code cannot diverge unnoticed.
for (const [name, report] of Object.entries({ sick, healthy })) {
  const named = (kind: string) => golden(`${name}.${report.exit.code}.${kind}`);
  test(`${name}: the report for a person at 80 and 60 columns, in full, and in colour`, async () => {
    await expect(formats.human(report, look(80))).toMatchFileSnapshot(named('80.txt'));
    await expect(formats.human(report, look(60))).toMatchFileSnapshot(named('60.txt'));
    await expect(formats.human(report, look(80, true))).toMatchFileSnapshot(named('verbose.txt'));
    await expect(formats.human(report, look(80, false, true))).toMatchFileSnapshot(named('ansi.txt'));
  });
}

test('a healthy node fits in twelve lines, none wider than the terminal', async () => {
  const lines = formats.human(healthy, look(80)).trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(12);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
});

test('a warning that leads is printed with its fix; further ones keep one line each', () => {
  const [warning] = sick.checks.flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'warn'));
  const row = sick.checks.find(({ findings }) => findings.includes(warning as never));
  if (warning === undefined || row === undefined) throw new Error('the sample has no warning');
  const second = { ...warning, id: 'disk_nearly_full' as const, subject: 'jaco-3' };
  const warned: Report = {
    ...healthy,
    verdict: 'warn',
    checks: [...healthy.checks, { ...row, status: 'warn', findings: [warning, second] }],
  };
  const text = formats.human(warned, look(80));
  expect(text.split('\n\n')[1]).toMatch(/^WARN {2}clock_skew jaco-2: .*\n +exit code 0: 2 warnings, no failure\n/);
  expect(text).not.toMatch(/^OK/m);
  for (const step of warning.fix) if (step.run !== null) expect(text).toContain(`$ ${step.run.join(' ')}`);
  expect(text).toContain(`--only ${warning.verify[warning.verify.indexOf('--only') + 1]}`);
  expect(text).toMatch(/^warn {4}disk_nearly_full jaco-3/m);
});

test('if nothing failed, each reason is printed with what to do about it, and one step for all that it lets run', () => {
  const next = { do: 'Run again as root:', run: ['sudo', 'jaco-doctor'] };
  const [first, second, ...rest] = healthy.checks;
  if (first === undefined || second === undefined) throw new Error('the sample has too few checks');
  const denied: Report = {
    ...healthy,
    verdict: 'unknown',
    coverage: { ...healthy.coverage, evaluated: healthy.coverage.evaluated - 2, unknown: 2 },
    checks: [
      { ...first, status: 'unknown', reason: '/etc/jaco/jacod.yaml: EACCES', next },
      {
        ...second,
        status: 'unknown',
        notJudged: ['jaco-2', 'jaco-3'].map((subject) => ({ subject, reason: 'EACCES', next, blockedBy: null })),
      },
      ...rest,
    ],
  };
  const text = formats.human(denied, look(80));
  expect(text).toMatch(/^UNKNOWN {2}.* 2 checks /m);
  expect(text.match(/\$ sudo jaco-doctor/g)).toHaveLength(1);
  expect(text).toContain(`- ${first.name}: /etc/jaco/jacod.yaml: EACCES`);
  expect(text).toContain(`- ${second.name} (jaco-2, jaco-3): EACCES`);
});

test('a note is printed in whole sentences, so that no instruction is cut', () => {
  const [first, ...rest] = healthy.checks;
  if (first === undefined) throw new Error('no check');
  const sentence = 'The name server 10.0.0.1 does not resolve external names. ';
  const action = 'If containers need external names, check the name servers in /etc/resolv.conf of this host.';
  const seen = (note: string) => {
    const text = formats.human({ ...healthy, checks: [{ ...first, notes: [note] }, ...rest] }, look(80));
    return text
      .slice(text.indexOf('note    '))
      .split(/\n(?:note|evaluated)/)[0]
      ?.replace(/\s+/g, ' ');
  };
  expect(seen(`${sentence}${action}`)).toBe(`note ${sentence.trim()} …`);
  expect(seen(action.repeat(2).slice(0, 170))).toMatch(/of this host\.If containers .*[^…]$/);
  expect(seen('word '.repeat(200).trim())).toMatch(/^note (word ){30,70}…$/);
});

test('a group in which nothing was judged is not counted as bad', () => {
  const text = formats.human(
    {
      ...sick,
      checks: sick.checks.map((check) => ({ ...check, status: 'blocked' as const, blockedBy: 'quorum_lost' })),
    },
    look(80),
  );
  expect(text).toMatch(/^raft +blocked \d not judged, because of quorum_lost$/m);
  expect(text).not.toMatch(/ 0 of /);
});

test('colour adds nothing but colour', async () => {
  const plain = formats.human(sick, look(80));
  const coloured = formats.human(sick, look(80, false, true));
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(plain);
  expect(coloured).not.toBe(plain);
});

test('a path with a quote in it is printed so that a shell accepts it', async () => {
  expect(formats.human(sick, look(80))).toContain(String.raw`--config '/tmp/o'\''brien/jacod.yaml'`);
});

test('id prints the first failing id, or the verdict where nothing failed', async () => {
  expect(formats.id(sick, look(80))).toBe('quorum_lost\n');
  expect(formats.id(healthy, look(80))).toBe('pass\n');
});

test('every format has the same first id and the exit code of the report', async () => {
  for (const report of [sick, healthy] satisfies Report[]) {
    for (const format of formatNames)
      expect(formats[format](report, look(80))).toContain(report.first ?? (format === 'human' ? 'OK' : 'pass'));
    expect(JSON.parse(formats.json(report, look(80)))).toEqual(report);
  }
});

test('a check that only waits is not printed as good, and every note that says wait is printed whole', () => {
  const waits = [
    'wait: shop-web-0 was placed here 34 s ago and has no container yet',
    'wait: two',
    'wait: three',
    'wait: four',
  ];
  const [first, ...rest] = healthy.checks;
  if (first === undefined) throw new Error('no check');
  const notes = ['one', 'two', 'three', 'four'];
  const report: Report = { ...healthy, checks: [{ ...first, notes: [...notes, ...waits] }, ...rest] };
  const text = formats.human(report, look(80));
  expect(text).toContain('WAIT  ');
  expect(text).not.toContain('OK  ');
  expect(text).toMatch(new RegExp(`^${first.group} +wait .*1 waiting$`, 'm'));
  expect(text.match(/^wait {4}/gm)).toHaveLength(4);
  expect(text).toMatch(/more notes with --verbose/);
  expect(formats.human(report, look(80, true))).toContain(`wait    ${first.name}: ${first.title}`);
});
