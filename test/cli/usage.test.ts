import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { doctor } from './bin.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usage-'));
  await writeFile(join(folder, 'taken.json'), '{}');
});
afterAll(() => rm(folder, { recursive: true }));

/** The typed words, and what the user must read: what is wrong, where, and what to do instead. */
const mistakes: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['an unknown flag', ['--colour'], /--colour/],
  ['a misspelled flag', ['--verbos'], /--verbos; did you mean --verbose\?/],
  ['the format that other programs call --json', ['--json'], /--json; did you mean --format json\?/],
  [
    'a flag of other programs with a value',
    ['explain', 'no_leader', '--output', 'json'],
    /did you mean --format json\?/,
  ],
  ['a flag without its value', ['--socket'], /--socket/],
  ['an unknown format', ['--format', 'xml'], /--format.*human.*json.*id|xml.*human/s],
  ['a misspelled check', ['raft-leeder'], /"raft-leeder" is not a check.*did you mean raft-leader\?/],
  ['a misspelled command', ['explan'], /"explan".*did you mean explain\?/],
  [
    'an id no check can find',
    ['--only', 'validation_faild'],
    /--only: "validation_faild".*did you mean validation_failed\?/,
  ],
  ['a check to skip that does not exist', ['--skip', 'everything'], /--skip: "everything" is not a check/],
  ['a duration without sense', ['--timeout', 'soon'], /--timeout: "soon" is not a duration; write 500ms, 3s, 2m/],
  ['a duration of nothing', ['--timeout', '0'], /--timeout: 0 is not between 100 ms and 10 min/],
  ['a file that is not there', ['--config', '/no/such.yaml'], /--config: \/no\/such\.yaml: no such file/],
  ['an empty path', ['--config', ''], /--config: an empty path names no file/],
  ['a text that is not there', ['--from', 'missing.txt'], /--from: missing\.txt cannot be read: ENOENT/],
  ['a recording that is not there', ['--replay', 'missing.json'], /--replay: missing\.json cannot be read: ENOENT/],
  ['a recording that is not one', ['--replay', 'taken.json'], /--replay: taken\.json is not a recording/],
  [
    'a replay of another selection',
    ['--replay', 'taken.json', '--only', 'raft'],
    /--only=raft cannot also be provided when using --replay/,
  ],
  [
    'a replay that should fail on other things than the run did',
    ['--replay', 'taken.json', '--fail-on', 'warn'],
    /--fail-on=warn cannot also be provided when using --replay/,
  ],
  [
    'a replay of a journal that was read from another time on',
    ['--replay', 'taken.json', '--since', '1h'],
    /--since=1h cannot also be provided when using --replay/,
  ],
  [
    'a replay of one check that is named without a flag',
    ['--replay', 'taken.json', 'raft'],
    /--replay shows a recorded run as it was; raft does not go with it/,
  ],
  [
    'a recording over a file',
    ['--record', 'taken.json'],
    /--record: taken\.json exists already and is not overwritten/,
  ],
  ['a recording without a name', ['--record', ''], /--record: an empty path names no file/],
  [
    'a recording into nowhere',
    ['--record', 'none/run.json'],
    /--record: the directory of none\/run\.json does not exist/,
  ],
  ['an unknown symptom', ['explain', 'purple elephants dancing'], /nothing matches "purple elephants dancing"/],
  ['a misspelled id to explain', ['explain', 'no_leder'], /no id is called "no_leder"; did you mean no_leader\?/],
  ['an unknown fault', ['demo', 'quorum-lst'], /no fault "quorum-lst"; did you mean quorum-lost\?/],
  ['a recording for a person', ['--replay', '-'], /--replay: stdin is not JSON/],
  ['two faults at once', ['demo', 'healthy', 'node-dead'], /one fault at a time/],
];

for (const [what, args, says] of mistakes) {
  test(`${what} is reported on stderr, with exit 64 and nothing on stdout`, async () => {
    const ended = await doctor(args, { cwd: folder });
    expect(ended.stderr).toMatch(says);
    expect(ended).toMatchObject({ code: 64, stdout: '' });
    expect(ended.stderr).not.toMatch(/\n\s+at |node_modules|dist\//);
  });
}

test('an argument that would rewrite the terminal is quoted without doing so', async () => {
  const ended = await doctor(['\u001b[2J\u001b]0;owned\u0007x']);
  expect(ended.code).toBe(64);
  expect(ended.stderr).not.toMatch(/\u001b|\u0007/);
});

test('explain reports piped text without an id', async () => {
  expect(await doctor(['explain', '-'], { input: 'all went well\n' })).toMatchObject({ code: 64, stdout: '' });
});

test('--help names every exit code and --version the version, with exit 0', async () => {
  const help = await doctor(['--help']);
  expect(help.code).toBe(0);
  for (const code of ['0', '1', '2', '3', '64', '70'])
    expect(help.stdout).toMatch(new RegExp(`^\\s+${code}\\s+\\S`, 'm'));
  expect(await doctor(['--version'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/jaco-doctor\/\d+\.\d+\.\d+/),
  });
});

test.each(['jaco', 'jacqos'] as const)('%s-doctor --help shows commands as the user types them', async (product) => {
  const words = [[], ['checks'], ['demo'], ['explain']];
  const helps = await Promise.all(words.map((before) => doctor([...before, '--help'], { product })));
  const [run, ...more] = helps.map(({ stdout }) => stdout);
  expect(run).toMatch(
    new RegExp(`^ {2}\\$ ${product}-doctor \\[CHECK.*^COMMANDS\n {2}checks .*^ {2}demo .*^ {2}explain `, 'ms'),
  );
  expect(more.map((text) => /^ {2}\$ (.*)$/m.exec(text)?.[1])).toEqual([
    `${product}-doctor checks [--format human|json] [--no-color] [-h]`,
    `${product}-doctor demo [FAULT]`,
    `${product}-doctor explain [ID|CHECK|GROUP|TEXT|-]`,
  ]);
  for (const { stdout } of helps) expect(stdout).not.toMatch(/doctor doctor|^ {2}doctor /m);
});

test.each(['jaco', 'jacqos'] as const)(
  '%s-doctor checks takes no argument, and reports one with the exit code of usage',
  async (product) => {
    expect(await doctor(['checks', 'x'], { product })).toMatchObject({
      code: 64,
      stdout: '',
      stderr: expect.stringMatching(/checks takes no argument.*remove "x"/),
    });
  },
);

test.each([
  [['-h'], ['--help']],
  [['help'], ['--help']],
  [
    ['help', 'demo'],
    ['demo', '--help'],
  ],
  [
    ['checks', '-h'],
    ['checks', '--help'],
  ],
  [['version'], ['--version']],
  [['-V'], ['--version']],
])('%j is what people type first, and says what %j does', async (typed, meant) => {
  const [given, expected] = await Promise.all([doctor(typed), doctor(meant)]);
  expect(given).toMatchObject({ code: 0, stderr: '', stdout: expected.stdout });
  expect(given.stdout).not.toBe('');
});

test('help lists --help and --version', async () => {
  const { stdout } = await doctor(['--help']);
  expect(stdout).toMatch(/^\s+-h, --help\s/m);
  expect(stdout).toMatch(/^\s+--version\s/m);
});

test('help for an unknown command names the nearest', async () => {
  expect(await doctor(['help', 'explian'])).toMatchObject({
    code: 64,
    stderr: expect.stringMatching(/"explian".*did you mean explain\?/),
  });
});

test.each([
  ['a run', ['raft-leeder', '--format', 'json'], /did you mean raft-leader/],
  ['a run with an unknown flag', ['--format=json', '--colour'], /--colour/],
  ['explain', ['explain', 'no_leder', '--format', 'json'], /no_leader/],
  ['checks', ['checks', 'x', '--format', 'json'], /takes no argument/],
  ['demo', ['demo', 'quorum-lst', '--format', 'json'], /quorum-lost/],
])('%s with JSON gives a usage error as one document', async (_what, args, says) => {
  const ended = await doctor(args);
  expect(JSON.parse(ended.stdout)).toEqual({
    schema: 'doctor-error/1',
    error: { kind: 'usage', message: expect.stringMatching(says) },
    exit: { code: 64 },
  });
  expect(ended.code).toBe(64);
});

test('checks, groups, ids and faults are known in upper case', async () => {
  const [run, explained, demo] = await Promise.all([
    doctor(['--only', 'RAFT,NO_LEADER', '--skip', 'Raft-Quorum', '--socket', '/none', '--config', '/none']),
    doctor(['explain', 'NO_LEADER']),
    doctor(['demo', 'HEALTHY']),
  ]);
  expect(run.stderr).toMatch(/\/none: no such file/);
  expect(explained).toMatchObject({ code: 0, stdout: expect.stringMatching(/^no_leader: /) });
  expect(demo).toMatchObject({ code: 0 });
});
