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

/** What was typed, and what the user must be told: what is wrong, where, and what to do instead. */
const mistakes: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['an unknown flag', ['--colour'], /--colour/],
  ['a flag without its value', ['--socket'], /--socket/],
  ['a format there is none of', ['--format', 'xml'], /--format.*human.*json.*id|xml.*human/s],
  ['a misspelled check', ['raft-leeder'], /"raft-leeder" is no check, group or id.*did you mean raft-leader\?/],
  ['a misspelled command', ['explan'], /"explan".*did you mean explain\?/],
  [
    'an id no check can find',
    ['--only', 'validation_faild'],
    /--only: "validation_faild".*did you mean validation_failed\?/,
  ],
  ['a check to skip that is none', ['--skip', 'everything'], /--skip: "everything" is no check/],
  ['a duration without sense', ['--timeout', 'soon'], /--timeout: "soon" is no duration; write 500ms, 3s, 2m/],
  ['a duration of nothing', ['--timeout', '0'], /--timeout: 0 is outside 100 ms to 10 min/],
  ['a file that is not there', ['--config', '/no/such.yaml'], /--config: \/no\/such\.yaml: no such file/],
  ['an empty path', ['--config', ''], /--config: an empty path names no file/],
  ['a text that is not there', ['--from', 'missing.txt'], /--from: missing\.txt cannot be read: ENOENT/],
  ['a recording that is not there', ['--replay', 'missing.json'], /--replay: missing\.json cannot be read: ENOENT/],
  ['a recording that is none', ['--replay', 'taken.json'], /--replay: taken\.json is not a recording/],
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
    /--record: taken\.json is there already and is not overwritten/,
  ],
  ['a recording without a name', ['--record', ''], /--record: an empty path names no file/],
  ['a recording into nowhere', ['--record', 'none/run.json'], /--record: the folder of none\/run\.json is not there/],
  ['a symptom nobody knows', ['explain', 'purple elephants dancing'], /nothing is known of "purple elephants dancing"/],
  ['a misspelled id to explain', ['explain', 'no_leder'], /nothing is known of "no_leder"; near it: no_leader/],
  ['a fault there is none of', ['demo', 'quorum-lst'], /no fault "quorum-lst"; did you mean quorum-lost\?/],
  ['two faults at once', ['demo', 'healthy', 'node-dead'], /one fault at a time/],
];

for (const [what, args, says] of mistakes) {
  test(`${what} is told on stderr, with exit 64 and nothing on stdout`, async () => {
    const ended = await doctor(args, { cwd: folder });
    expect(ended.stderr).toMatch(says);
    expect(ended).toMatchObject({ code: 64, stdout: '' });
    expect(ended.stderr).not.toMatch(/\n\s+at |node_modules|dist\//);
  });
}

test('an argument that would rewrite the terminal is told without doing so', async () => {
  const ended = await doctor(['\u001b[2J\u001b]0;owned\u0007x']);
  expect(ended.code).toBe(64);
  expect(ended.stderr).not.toMatch(/\u001b|\u0007/);
});

test('piped text without an id in it is told to explain, which finds none', async () => {
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

test.each(['jaco', 'jacqos'] as const)('%s-doctor --help reads as it is typed', async (product) => {
  const words = [[], ['checks'], ['demo'], ['explain']];
  const helps = await Promise.all(words.map((before) => doctor([...before, '--help'], { product })));
  const [run, ...more] = helps.map(({ stdout }) => stdout);
  expect(run).toMatch(
    new RegExp(`^ {2}\\$ ${product}-doctor \\[CHECK.*^COMMANDS\n {2}checks .*^ {2}demo .*^ {2}explain `, 'ms'),
  );
  expect(more.map((text) => /^ {2}\$ (.*)$/m.exec(text)?.[1])).toEqual([
    `${product}-doctor checks`,
    `${product}-doctor demo [FAULT]`,
    `${product}-doctor explain [ID|TEXT|-]`,
  ]);
  for (const { stdout } of helps) expect(stdout).not.toMatch(/doctor doctor|^ {2}doctor /m);
});

test.each(['jaco', 'jacqos'] as const)(
  '%s-doctor checks takes no words, and says so with the code of usage',
  async (product) => {
    expect(await doctor(['checks', 'x'], { product })).toMatchObject({
      code: 64,
      stdout: '',
      stderr: expect.stringMatching(/checks lists them all; leave "x" out/),
    });
  },
);
