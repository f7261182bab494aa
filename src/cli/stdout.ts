import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { noteLostOutput, passesOutputGuard } from '../vault/output-guard.ts';
import { programName } from './invocation.ts';

/** Time between two attempts to write to a reader that does not read, in ms. */
const RETRY_MS = 10;
/** How long output to a terminal may be paused (Ctrl-S), in ms. */
const READING_MS = 600_000;

/**
 * Writes the document to stdout. Returns when all of it is written, when the reader has closed the pipe, or when the
 * reader took no byte for `limitMs`; a slow reader gets the whole document. Node's own stdout would block the process
 * on a pipe that is not read. A document that contains a secret is not written. A failed write is reported on stderr,
 * and the exit code is 70. `onAttempt` is called before each attempt.
 */
export async function writeStdout(text: string, limitMs: number, onAttempt: () => void = () => {}): Promise<void> {
  if (!passesOutputGuard(text)) return;
  const patienceMs = isatty(1) ? READING_MS : limitMs;
  let until = performance.now() + patienceMs;
  const { fd, close } = openWithoutBlocking();
  const bytes = Buffer.from(text, 'utf8');
  let written = 0;
  try {
    while (written < bytes.length) {
      onAttempt();
      try {
        written += writeSync(fd, bytes, written);
        until = performance.now() + patienceMs;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EPIPE') return;
        if (code !== 'EAGAIN') {
          noteLostOutput(`${programName()}: the report could not be written: ${code}`);
          return;
        }
        if (performance.now() >= until) {
          noteLostOutput(`${programName()}: the reader of stdout does not read`);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  } finally {
    close();
  }
}

/**
 * Opens a pipe or terminal a second time, so that the non-blocking mode applies to this process only and not to the
 * shell's descriptor. A file is not opened again: it never blocks, and a second descriptor would write from its start.
 */
function openWithoutBlocking(): { fd: number; close: () => void } {
  const inherited = { fd: 1, close: () => {} };
  try {
    const info = fstatSync(1);
    if (!info.isFIFO() && !info.isCharacterDevice()) return inherited;
    const fd = openSync('/dev/fd/1', constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    return { fd, close: () => closeSync(fd) };
  } catch {
    return inherited;
  }
}
