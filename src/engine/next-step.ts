/**
 * What the user can do so that an unknown check can be judged. It is chosen where the reason is made;
 * `src/advice/resolve-next-step.ts` words it for the host. `as-root`: this process lacks a right that root has.
 * `as-owner`: a right that the owner of `path` has. `more-time`: a longer `--timeout`. `again`: only another run.
 * `by-hand`: one run reads at most so many of these objects, so the rest are checked by hand. `on-node`: the fact is
 * visible only there. `run`: a read-only command that shows more. `answer`: something that the reason names must answer
 * first. `record`: the recording lacks the fact. `report`: the doctor does not understand what it read.
 */
export type NextStep =
  | { readonly kind: 'as-root' }
  | { readonly kind: 'as-owner'; readonly path: string }
  | { readonly kind: 'install'; readonly program: string }
  | { readonly kind: 'more-time'; readonly budgetMs: number }
  | { readonly kind: 'again' }
  | { readonly kind: 'by-hand' }
  | { readonly kind: 'on-node'; readonly node: string | null }
  | { readonly kind: 'flag'; readonly flag: string; readonly value: string; readonly why: string }
  | { readonly kind: 'run'; readonly argv: readonly string[] }
  | { readonly kind: 'answer' }
  | { readonly kind: 'record' }
  | { readonly kind: 'report' }
  | { readonly kind: 'do'; readonly text: string };

/** The text given with `--from` shows too little. */
export const WHOLE_OUTPUT: NextStep = {
  kind: 'do',
  text: 'Give the whole output of the failed command, stderr too: put 2>&1 before the pipe.',
};
