import { failed, type Result } from '../../engine/outcome.ts';
import { attempt } from '../../engine/probe.ts';
import { probe } from '../io/io.ts';
import { journal } from './journal.ts';
import { jacodProcess } from './process.ts';
import { unit } from './unit.ts';

/** A version as a source gave it (`v0.3.9`, `dev`), or why none could be had: never a guess. */
export type Versioned =
  | { readonly kind: 'known'; readonly version: string; readonly source: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/** What is installed and what runs. */
export type JacodVersion = {
  /** The file that was asked; null where none was found. */
  readonly path: string | null;
  readonly installed: Versioned;
  readonly running: Versioned;
};

/** Versions of the installed and of the running jacod. */
export const jacodVersion = probe({
  name: 'jaco.version',
  after: { unit: attempt(unit), process: attempt(jacodProcess), journal: attempt(journal) },
  deadlineMs: 5_000,
  collect: async () => failed('unreadable', 'start', 'not written yet') as Result<JacodVersion>,
});
