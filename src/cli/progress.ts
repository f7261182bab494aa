import { clean } from '../engine/text.ts';

/** Shows on stderr, and only on a terminal, which probes are still open; `stop` leaves no trace of it. */
export type Progress = { readonly show: (open: readonly string[]) => void; readonly stop: () => void };

/** A run shorter than this shows no progress, which would only flicker. */
const QUIET_MS = 300;

export function progressOn(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Progress {
  // On a serial line, or before docker exec has told its size, a terminal is 0 columns wide: ora would erase lines for ever.
  const isWide = stream.isTTY && stream.columns !== 0;
  if (!isWide || env['TERM'] === 'dumb' || env['CI'] !== undefined) return { show: () => {}, stop: () => {} };
  let text = 'looking';
  let spinner: { text: string; stop: () => void } | null = null;
  let stopped = false;
  const timer = setTimeout(() => {
    void import('ora').then(({ default: ora }) => {
      if (!stopped) spinner = ora({ text, stream, discardStdin: false }).start();
    });
  }, QUIET_MS);
  return {
    show(open) {
      text = clean(
        `looking at ${open.slice(0, 3).join(', ')}${open.length > 3 ? ` and ${open.length - 3} more` : ''}`,
        70,
      );
      if (spinner) spinner.text = text;
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      spinner?.stop();
    },
  };
}
