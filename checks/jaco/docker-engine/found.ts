import type { Finding } from '../../../src/engine/finding.ts';

/** What every part of this check may find. */
export type Found = Finding<'docker_error', never>;

/** The daemon asks Docker at every tick, 30 s apart: what it said of it before three of them is an older trouble. */
export const LATELY_MS = 95_000;
