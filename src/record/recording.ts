import type { ProductName } from '../catalog/generated/catalogs.ts';
import type { RunLocation } from '../engine/probe.ts';
import type { RunFacts } from '../engine/run-facts.ts';
import type { Selection } from '../engine/selection.ts';
import type { FailOn } from '../engine/verdict.ts';

export const RECORDING_SCHEMA = 'doctor-recording/1';

/**
 * A recorded run: every outcome, the clock and the options. A replay prints the same bytes. Facts contain no secrets,
 * so a recording contains none.
 */
export type Recording = {
  readonly tool: { readonly name: string; readonly version: string };
  readonly product: ProductName;
  readonly mode: RunLocation;
  /** The run's clock, ms since the epoch. */
  readonly now: number;
  readonly durationMs: number;
  readonly selection: Selection;
  readonly failOn: FailOn;
  /** Flags that a printed verify command repeats. */
  readonly repeat: readonly string[];
  readonly facts: RunFacts;
};
