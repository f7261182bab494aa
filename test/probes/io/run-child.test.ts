import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runChild } from '../../../src/probes/io/run-child.ts';
import { alive } from './alive.ts';

const folder = mkdtempSync(join(tmpdir(), 'exec-'));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
/** A separate program that replaces jacod: the only one that may be started by path. */
function program(script: string): string {
  count += 1;
  const path = join(folder, `jacod-${count}`);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

const never = new AbortController().signal;

describe('a program that behaves', () => {
  test('returns its output, its exit code and its errors', async () => {
    const ended = await runChild([program('echo out; echo err >&2; exit 3'), '--version'], { signal: never });
    expect(ended).toEqual({ kind: 'ended', code: 3, stdout: 'out\n', stderr: 'err', cut: false });
  });

  test('runs in English, in UTC and without colours, with any environment of the user', async () => {
    const ended = await runChild(
      [program('echo "$LC_ALL $TZ $SYSTEMD_COLORS $PAGER"; env | grep -c HOME'), '--version'],
      {
        signal: never,
      },
    );
    expect(ended).toMatchObject({ stdout: 'C.UTF-8 UTC 0 cat\n0\n' });
  });

  test('reads nothing from us', async () => {
    expect(await runChild([program('cat; echo done'), '--version'], { signal: never })).toMatchObject({
      stdout: 'done\n',
    });
  });

  test('hands over whole lines, the last one without its end too', async () => {
    const lines: string[] = [];
    const onLine = (line: string) => lines.push(line) > 0;
    await runChild([program("printf 'one\\ntwo\\n\\nthree'"), '--version'], { signal: never, onLine });
    expect(lines).toEqual(['one', 'two', 'three']);
  });
});

test('a program that the system does not start is reported like a missing one', async () => {
  // Longer than the kernel accepts: Node throws here, as it does without memory or in a sandbox.
  const env = { LONG: 'x'.repeat(4 * 1024 * 1024) };
  const path = program('echo');
  const failure = { why: 'unreadable', phase: 'start', detail: `${path}: E2BIG` };
  expect(await runChild([path, '--version'], { signal: never, env })).toEqual({ kind: 'failed', failure });
});

describe('a program that does not', () => {
  test('and ignores every polite signal is killed when its time is over, with its children', async () => {
    const controller = new AbortController();
    const pids = join(folder, 'pids');
    const path = program(`trap '' TERM INT HUP; sleep 600 & echo $$ $! > ${pids}; echo started; wait; sleep 600`);
    const ended = runChild([path, '--version'], {
      signal: controller.signal,
      onLine: () => controller.abort() === undefined,
    });
    expect(await ended).toMatchObject({ kind: 'ended', code: null });
    const started = readFileSync(pids, 'utf8').trim().split(' ').map(Number);
    expect(started).toHaveLength(2);
    await expect.poll(() => started.filter(alive)).toEqual([]);
  });

  test('and never stops talking is ended at the bound', async () => {
    const ended = await runChild([program('yes abcdefgh'), '--version'], { signal: never, maxBytes: 10_000 });
    expect(ended).toMatchObject({ kind: 'ended', code: null, cut: true });
    expect(ended.kind === 'ended' && ended.stdout.length).toBe(10_000);
  });

  test('and never ends its line costs no more than the bound', async () => {
    const lengths: number[] = [];
    const onLine = (line: string) => lengths.push(line.length) < 0;
    await runChild([program('head -c 5000000 /dev/zero | tr "\\0" x; echo; echo more'), '--version'], {
      signal: never,
      onLine,
    });
    expect(lengths).toEqual([512 * 1024]);
  });

  test('and floods stderr is quoted in short', async () => {
    const ended = await runChild([program('yes complaint | head -c 3000000 >&2'), '--version'], { signal: never });
    expect(ended.kind === 'ended' && ended.stderr.length).toBeLessThanOrEqual(500);
  });

  test('is ended by a reader that has enough', async () => {
    const seen: string[] = [];
    const onLine = (line: string) => seen.push(line) < 3;
    expect(await runChild([program('yes line'), '--version'], { signal: never, onLine })).toMatchObject({ cut: true });
    expect(seen).toHaveLength(3);
  });

  test('is not started when the time is over already', async () => {
    const path = program(`touch ${join(folder, 'started')}`);
    expect(await runChild([path, '--version'], { signal: AbortSignal.abort() })).toMatchObject({
      kind: 'failed',
      failure: { why: 'timeout' },
    });
    expect(existsSync(join(folder, 'started'))).toBe(false);
  });
});

describe('a program with both streams read', () => {
  const both = async (script: string, enough = Number.POSITIVE_INFINITY) => {
    const said: string[] = [];
    const onChunk = (from: string, chunk: Buffer) => said.push(`${from}: ${chunk.toString()}`) < enough;
    const ended = await runChild([program(script), '--version'], { signal: never, onChunk });
    return { ended, said };
  };

  test('passes on what comes on either, and keeps nothing', async () => {
    const { ended, said } = await both('echo one; sleep 0.05; echo two >&2; sleep 0.05; echo three; exit 4');
    expect(said).toEqual(['stdout: one\n', 'stderr: two\n', 'stdout: three\n']);
    expect(ended).toEqual({ kind: 'ended', code: 4, stdout: '', stderr: '', cut: false });
  });

  test('is ended when its reader has enough', async () => {
    expect((await both('yes line', 3)).ended).toMatchObject({ code: null, cut: true });
  });

  test('starts with the given folder and environment', async () => {
    const options = { signal: never, cwd: folder, env: { PATH: '/usr/bin:/bin', ONLY: 'this' } };
    const ended = await runChild([program('pwd; echo "$ONLY $HOME"'), '--version'], options);
    expect(ended).toMatchObject({ stdout: `${folder}\nthis \n` });
  });
});

test('a child that leaves another one with its pipes open is not waited for', async () => {
  const pid = join(folder, 'left');
  const began = performance.now();
  const ended = await runChild([program(`sleep 600 & echo $! > ${pid}; echo said; exit 0`), '--version'], {
    signal: never,
  });
  expect(ended).toMatchObject({ kind: 'ended', code: 0, stdout: 'said\n' });
  expect(performance.now() - began).toBeLessThan(5_000);
  await expect.poll(() => alive(Number(readFileSync(pid, 'utf8')))).toBe(false);
});

describe('a program that cannot be started', () => {
  test('because it is not here is a missing tool', async () => {
    const ended = await runChild([join(folder, 'nowhere'), '--version'], { signal: never });
    expect(ended).toMatchObject({ kind: 'failed', failure: { why: 'missing-tool', phase: 'start' } });
  });

  test('because it may not be run is denied', async () => {
    const path = program('echo');
    chmodSync(path, 0o644);
    expect(await runChild([path, '--version'], { signal: never })).toMatchObject({ failure: { why: 'denied' } });
  });
});
