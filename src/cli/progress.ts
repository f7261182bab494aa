import { clean } from '../engine/text.ts';

/** Shows the open probes on stderr, only on a terminal. `stop` erases the line. */
export type Progress = { readonly show: (open: readonly string[]) => void; readonly stop: () => void };

/** A run shorter than this shows no progress, because it would only flicker. */
const QUIET_MS = 300;

export function startProgress(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Progress {
  // On a serial line, and before docker exec has sent its size, a terminal has 0 columns: ora would erase lines without
  // end.
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
        `waiting for ${open.slice(0, 3).join(', ')}${open.length > 3 ? ` and ${open.length - 3} more` : ''}`,
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
