import type { Id } from '../catalog/generated/ids.ts';
import type { Where } from './probe.ts';

/** Severity of an id, from the catalogue. */
export type SeverityOf = (id: Id) => 'fail' | 'warn' | 'none';

export type JudgeOptions = {
  readonly mode: Where;
  readonly now: number;
  readonly chosen: ReadonlySet<string>;
  readonly severityOf: SeverityOf;
};
