import { failed, type Result } from '../../../engine/outcome.ts';
import { type ChildResult, runChild } from '../run-child.ts';
import { proberCommand } from './prober-command.ts';
import type { ProberReply, ProberRequest } from './prober-request.ts';

/**
 * The place from which packets are sent: inside the network namespace of a process, or from this host as one of its
 * users.
 */
export type Vantage =
  | { readonly kind: 'process'; readonly pid: number }
  | { readonly kind: 'user'; readonly uid: number; readonly gid: number };

/** Silence counts only after this time, in ms: the kernel sends a second SYN after one second. */
export const SILENCE_MS = 1_700;
const MAX_BYTES = 256 * 1024;
/** Not its path, because another user may not enter its folder, for example /root. */
const OWN_EXECUTABLE = '/proc/self/exe';

/**
 * Starts the prober at a vantage and returns its replies, in the order of the requests. Fails with `denied` if this
 * user may not enter, `missing-tool` without nsenter, `absent` if the process has ended. Ends with the signal.
 */
export async function probeFrom(
  vantage: Vantage,
  requests: readonly ProberRequest[],
  signal: AbortSignal,
): Promise<
  { readonly kind: 'replies'; readonly replies: readonly ProberReply[] } | Extract<Result, { kind: 'failed' }>
> {
  if (requests.length === 0) return { kind: 'replies', replies: [] };
  const command = await proberCommand({ requests, limitMs: SILENCE_MS });
  if (command === null)
    return failed('absent', 'prober', 'the prober is missing from this installation', null, {
      kind: 'do',
      text: 'Install the doctor again: its prober is missing.',
    });
  const { words, input } = command;
  const ended =
    vantage.kind === 'process'
      ? await runChild(['nsenter', `--net=/proc/${vantage.pid}/ns/net`, process.execPath, ...words], {
          signal,
          input,
          maxBytes: MAX_BYTES,
        })
      : await runChild([OWN_EXECUTABLE, ...words], { signal, input, as: vantage, cwd: '/', maxBytes: MAX_BYTES });
  if (ended.kind === 'failed') return ended;
  return repliesOf(ended, requests.length);
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
    // Reported below.
  }
  return failed('unreadable', 'prober', 'the prober did not print its replies');
}
