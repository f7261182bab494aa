import type { Id } from '../catalog/generated/ids.ts';
import type { AnyFinding } from './finding.ts';
import type { NextStep } from './next-step.ts';

export type Status = 'pass' | 'warn' | 'fail' | 'unknown' | 'blocked' | 'not-applicable' | 'skipped';

/** A check's row before advice: the result or, without one, the reason. */
export type Row = {
  readonly name: string;
  readonly group: string;
  readonly title: string;
  readonly status: Status;
  /** When the last fact that it reads arrived, in ms from the start of the run; 0 if it asked for none. */
  readonly ms: number;
  readonly reason: string | null;
  /** What would let the check run; null unless the row is unknown and the reason is its own. */
  readonly next: NextStep | null;
  readonly blockedBy: Id | null;
  readonly notes: readonly string[];
  readonly evidence: readonly string[];
  readonly notJudged: readonly {
    readonly subject: string;
    readonly reason: string;
    /** What would let the target be judged; null if a finding explains the reason. */
    readonly next: NextStep | null;
    readonly blockedBy: Id | null;
  }[];
  readonly findings: readonly AnyFinding[];
};
