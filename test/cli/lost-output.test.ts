import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { doctor, shell } from './bin.ts';

const folder = mkdtempSync(join(tmpdir(), 'lost-output-'));
afterAll(() => rmSync(folder, { recursive: true }));
const recording = fileURLToPath(new URL('../recordings/quorum-lost.json', import.meta.url));
const LIVE = '--server 127.0.0.1:1 --format id';

describe('output that a full disk rejects is exit 70, and reported on stderr', () => {
  test.each([
    '--version',
    '--help',
    'explain quorum_lost',
    'checks',
    'demo quorum-lost',
    `--replay '${recording}'`,
    `--replay '${recording}' --format json`,
    LIVE,
  ])('%s', async (words) => {
    expect(await shell(`$DOCTOR ${words} >/dev/full`)).toMatchObject({
      code: 70,
      stderr: expect.stringMatching(/could not be written: ENOSPC\n$/),
    });
  });

  test('of jacqos-doctor, too', async () => {
    expect(await shell('$DOCTOR explain missing_runtime_token >/dev/full', { product: 'jacqos' })).toMatchObject({
      code: 70,
      stderr: 'jacqos-doctor: the report could not be written: ENOSPC\n',
    });
  });

  test('a file that may not grow is one as well', async () => {
    const file = join(folder, 'report.json');
    const line = `trap '' XFSZ; ulimit -f 4; $DOCTOR --replay '${recording}' --format json >'${file}'`;
    expect(await shell(line)).toMatchObject({ code: 70, stderr: expect.stringMatching(/EFBIG/) });
  });

  test('a full disk behind stderr, or a reader that stops early, changes no verdict', async () => {
    expect(await shell(`$DOCTOR --replay '${recording}' --format id 2>/dev/full`)).toMatchObject({
      code: 1,
      stdout: 'quorum_lost\n',
    });
    expect((await shell(`$DOCTOR --replay '${recording}' | head -n 1 >/dev/null; exit \${PIPESTATUS[0]}`)).code).toBe(
      1,
    );
  });
});

describe('a recording that could not be written is exit 70, the report is printed, and no part of it stays', () => {
  test('where a file may not grow', async () => {
    const own = join(folder, 'limited');
    mkdirSync(own);
    const ended = await shell(`trap '' XFSZ; ulimit -f 1; $DOCTOR ${LIVE} --record '${own}/node.json'`);
    expect(ended).toMatchObject({ code: 70, stdout: 'daemon_unreachable\n' });
    expect(ended.stderr).toMatch(/--record: .*node\.json was not written: EFBIG/);
    expect(readdirSync(own)).toEqual([]);
  });

  test('on a full disk', async ({ skip }) => {
    const own = join(folder, 'full');
    mkdirSync(own);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', own], { stdio: 'pipe' });
    } catch (error) {
      process.stderr.write(`SKIPPED: a recording on a full disk: a tmpfs cannot be mounted here: ${error}\n`);
      skip();
    }
    try {
      writeFileSync(join(own, 'all.of.it'), Buffer.alloc(4_096));
      const ended = await shell(`$DOCTOR ${LIVE} --record '${own}/node.json'`);
      expect(ended).toMatchObject({ code: 70, stdout: 'daemon_unreachable\n' });
      expect(ended.stderr).toMatch(/--record: .*node\.json was not written: ENOSPC/);
      expect(readdirSync(own)).toEqual(['all.of.it']);
    } finally {
      execFileSync('umount', [own]);
    }
  });
});

describe('files that another program has written again', () => {
  const text = readFileSync(recording, 'utf8');
  const utf16 = (body: string): Buffer => Buffer.from(`\ufeff${body}`, 'utf16le');
  const forms: readonly (readonly [string, (body: string) => Buffer])[] = [
    ['a byte order mark', (body) => Buffer.from(`\ufeff${body}`)],
    ['UTF-16, as PowerShell writes it', utf16],
    ['UTF-16 of the other order', (body) => utf16(body).swap16()],
  ];

  test.each(forms)('a recording with %s opens', async (form, encode) => {
    const file = join(folder, `${form}.json`);
    writeFileSync(file, encode(text));
    expect(await doctor(['--replay', file, '--format', 'id'])).toMatchObject({ code: 1, stdout: 'quorum_lost\n' });
  });

  test.each(forms)('the output of a failed command with %s is read', async (form, encode) => {
    const file = join(folder, `${form}.txt`);
    writeFileSync(file, encode('Error: no_active_evaluator: nothing promoted\r\n'));
    const { stdout } = await doctor(['--from', file, '--format', 'id'], { product: 'jacqos', cwd: folder });
    expect(stdout).toBe('no_active_evaluator\n');
  });
});
