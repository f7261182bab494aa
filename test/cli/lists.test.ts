import { expect, test } from 'vitest';
import { jaco } from '../../checks/jaco.ts';
import { doctor, shell } from './bin.ts';

/** The bin on a terminal with this many columns, from `script`. Line ends are those of a file. */
async function onTerminal(words: string, columns: number, env: NodeJS.ProcessEnv = {}): Promise<string> {
  // A function, because the path of the program may have a blank.
  const line = `run() { stty cols ${columns}; $DOCTOR ${words}; }; export -f run; SHELL=/bin/bash script -qec run /dev/null`;
  const ended = await shell(line, { env: { NO_COLOR: '1', LANG: 'C.UTF-8', ...env } });
  expect(ended.stdout).not.toBe('');
  return ended.stdout.replace(/\r/g, '');
}

const widest = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));

test('on a pipe checks draws nothing and cuts nothing: each check has its own lines', async () => {
  const { stdout, code } = await doctor(['checks'], { env: { LANG: 'C.UTF-8' } });
  expect(code).toBe(0);
  expect(stdout).not.toMatch(/[…│┌|+]/);
  for (const { check } of jaco.order) {
    expect(stdout).toContain(`${check.name} (${check.group})\n  ${check.title}\n`);
    if (check.finds.length < 20) expect(stdout).toContain(`  finds ${check.finds.join(', ')}\n`);
  }
});

test('on a pipe explain lists every id with its whole title', async () => {
  const { stdout } = await doctor(['explain']);
  expect(stdout).not.toMatch(/…$/m);
  expect(stdout).toMatch(/^unsupported_depends_on_condition {2}depends_on has a condition \S.*[a-z]$/m);
});

test('on a terminal checks is a table of its width, and below the width of a table it is paragraphs', async () => {
  const wide = await onTerminal('checks', 110);
  expect(wide).toMatch(/^┌─+┬/);
  expect(widest(wide)).toBeLessThanOrEqual(110);
  const narrow = await onTerminal('checks', 50);
  expect(narrow).not.toMatch(/[│…]/);
  expect(widest(narrow)).toBeLessThanOrEqual(50);
});

test.each([
  ['LC_ALL=C', { LC_ALL: 'C' }],
  ['TERM=dumb', { TERM: 'dumb' }],
])('under %s every text for a person is ASCII', async (_what, env) => {
  const ascii = /^[\x00-\x7f]*$/;
  expect(await onTerminal('checks', 110, env)).toMatch(ascii);
  expect(await onTerminal('explain', 60, env)).toMatch(ascii);
  const demo = await doctor(['demo', 'quorum-lost'], { env });
  expect(demo.stdout).toMatch(ascii);
  expect(demo.stdout).toMatch(/^FAIL {2}quorum_lost/m);
});

test('lists are JSON if that is requested', async () => {
  const [checks, all, one, group, guesses, demo] = await Promise.all(
    [
      ['checks'],
      ['explain'],
      ['explain', 'no_leader'],
      ['explain', 'raft'],
      ['explain', 'certificate'],
      ['demo', 'quorum-lost'],
    ].map(async (words) => JSON.parse((await doctor([...words, '--format', 'json'])).stdout)),
  );
  expect(checks).toMatchObject({ schema: 'doctor-checks/1', product: 'jaco' });
  expect(checks.checks.map(({ name }: { name: string }) => name)).toEqual(jaco.order.map(({ check }) => check.name));
  expect(all).toMatchObject({ schema: 'doctor-explain/1', kind: 'all' });
  expect(all.ids).toContainEqual({ name: 'no_leader', title: expect.any(String) });
  expect(one).toMatchObject({ kind: 'ids', entries: [{ id: 'no_leader', fix: expect.any(Array) }] });
  expect(group.checks.every((check: { group: string }) => check.group === 'raft')).toBe(true);
  expect(guesses).toMatchObject({ kind: 'guesses', query: 'certificate', guesses: { length: 3 } });
  expect(demo).toMatchObject({ schema: 'doctor-demo/1', fault: 'quorum-lost', report: { first: 'quorum_lost' } });
});

test('demo --help lists each fault under the group that finds it, and a demo says so in its last line', async () => {
  const { stdout } = await doctor(['demo', '--help'], { env: { COLUMNS: '200' } });
  expect(stdout.replace(/\n\s+(?=[a-z])/g, ' ')).toMatch(/\braft: .*\bquorum-lost\b/);
  const demo = await doctor(['demo', 'healthy']);
  expect(demo.stdout.trimEnd().split('\n').at(-1)).toMatch(/other faults: jaco-doctor demo --help/);
});

test('text in UTF-16, as PowerShell writes it, is read by explain', async () => {
  const text = 'Error: no_leader: no leader known\r\n';
  const inputs = [
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]),
    Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()]),
    Buffer.from(text, 'utf16le'),
  ];
  for (const input of inputs) expect((await doctor(['explain', '-'], { input })).stdout).toMatch(/^no_leader: /);
});

test('a recording goes through a pipe: the report is that of the replay, and each has the code of the verdict', async () => {
  const line = '$DOCTOR --record - --socket /nowhere.sock --config /dev/null 2>err | tee rec | $DOCTOR --replay -';
  const piped = await shell(`cd "$(mktemp -d)"; ${line}; echo "codes \${PIPESTATUS[0]} \${PIPESTATUS[2]}"; cat err`);
  expect(piped.stdout).toMatch(/^FAIL {2}daemon_unreachable/m);
  expect(piped.stdout).toMatch(/^codes (\d+) \1$/m);
  expect(piped.stdout).toMatch(/recorded: daemon_unreachable/);
  expect(piped.stderr).toMatch(/^replay of stdin, recorded \d{4}-/);
});
