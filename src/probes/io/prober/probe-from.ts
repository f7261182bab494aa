import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { failed, type Result } from '../../../engine/outcome.ts';
import { type ChildResult, runChild } from '../exec.ts';
import type { Ask, ProberReply } from './ask.ts';

/** From where packets are sent: inside the network namespace of a process, or from this host as one of its users. */
export type Vantage =
  | { readonly kind: 'process'; readonly pid: number }
  | { readonly kind: 'user'; readonly uid: number; readonly gid: number };

/** How long silence must last before it counts, in ms: the kernel sends a second SYN after one second. */
export const SILENCE_MS = 1_700;
const MAX_BYTES = 256 * 1024;

/**
 * Starts the prober at a vantage and gives its replies, in the order of the asks. Fails with `denied` where this user may not
 * enter, `missing-tool` without nsenter, `absent` where the process is gone. Ends with the signal.
 */
export async function probeFrom(
  vantage: Vantage,
  asks: readonly Ask[],
  signal: AbortSignal,
): Promise<
  { readonly kind: 'replies'; readonly replies: readonly ProberReply[] } | Extract<Result, { kind: 'failed' }>
> {
  if (asks.length === 0) return { kind: 'replies', replies: [] };
  const program = await proberProgram();
  if (program === null) return failed('absent', 'prober', 'the prober is missing from this installation');
  const input = `globalThis.assignment=${JSON.stringify({ asks, limitMs: SILENCE_MS })};\n${program}`;
  const node = process.execPath;
  const ended =
    vantage.kind === 'process'
      ? await runChild(['nsenter', `--net=/proc/${vantage.pid}/ns/net`, node, '--input-type=module', '-'], {
          signal,
          input,
          maxBytes: MAX_BYTES,
        })
      : await runChild([node, '--input-type=module', '-'], {
          signal,
          input,
          as: vantage,
          cwd: '/',
          maxBytes: MAX_BYTES,
        });
  if (ended.kind === 'failed') return ended;
  return repliesOf(ended, asks.length);
}

function repliesOf({ code, stdout, stderr }: ChildResult, count: number): Awaited<ReturnType<typeof probeFrom>> {
  if (code !== 0) {
    const why = /not permitted|permission denied/i.test(stderr) ? 'denied' : 'unreadable';
    const gone = /cannot open .*: No such file or directory/i.test(stderr);
    return failed(gone ? 'absent' : why, 'prober', stderr || `the prober ended with ${code ?? 'a signal'}`);
  }
  try {
    const replies = JSON.parse(stdout) as readonly ProberReply[];
    if (Array.isArray(replies) && replies.length === count) return { kind: 'replies', replies };
  } catch {
    // Said below.
  }
  return failed('unreadable', 'prober', 'the prober did not print its replies');
}

let program: Promise<string | null> | undefined;

/** The prober's text, read once: it lies beside the bundle, or in dist/ where the sources themselves are run. */
function proberProgram(): Promise<string | null> {
  program ??= read(dirname(fileURLToPath(import.meta.url)));
  return program;
}

async function read(folder: string): Promise<string | null> {
  for (const path of ['prober.mjs', 'dist/prober.mjs']) {
    const text = await readFile(join(folder, path), 'utf8').catch(() => null);
    if (text !== null) return text;
  }
  const parent = dirname(folder);
  return parent === folder ? null : read(parent);
}
