import type { FixStep } from '../advice/advise.ts';
import type { Entry, Retry, Severity } from '../catalog/entry.ts';
import type { Status } from '../engine/row.ts';
import type { Coverage, ExitCode, Verdict } from '../engine/verdict.ts';

/** A finding as every format shows it. Fields are always there; null or empty where there is nothing. */
export type ReportFinding = {
  readonly id: string;
  readonly severity: Severity;
  readonly subject: string | null;
  readonly title: string;
  readonly meaning: string;
  readonly impact: string;
  /** Where the published page and this program differ, and why. */
  readonly differs: string | null;
  readonly evidence: readonly string[];
  readonly likelyFollowsFrom: string | null;
  readonly fix: readonly FixStep[];
  /** The command, as argv, that shows whether the fix helped; empty where there is none. */
  readonly verify: readonly string[];
  readonly retry: Retry;
  readonly docs: string;
  readonly origin: Entry['origin'];
  readonly waiver: null;
};

/** A check's row as every format shows it. `ms` is when its facts were there, from the start of the run. */
export type ReportCheck = {
  readonly name: string;
  readonly group: string;
  readonly title: string;
  readonly status: Status;
  readonly ms: number;
  readonly reason: string | null;
  readonly blockedBy: string | null;
  readonly notes: readonly string[];
  readonly evidence: readonly string[];
  readonly notJudged: readonly {
    readonly subject: string;
    readonly reason: string;
    readonly blockedBy: string | null;
  }[];
  readonly findings: readonly ReportFinding[];
};

/** The report document, `doctor-report/1`; its JSON schema is report.schema.json. */
export type Report = {
  readonly schema: 'doctor-report/1';
  readonly product: string;
  readonly tool: { readonly name: string; readonly version: string };
  readonly target: {
    readonly host: string;
    readonly mode: 'node' | 'remote';
    /** How it was reached over the network, and whether it proved who it is; null on a node. */
    readonly via: string | null;
    readonly version: string | null;
    readonly leader: string | null;
  };
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly verdict: Verdict;
  /** The first failing id in the order of checks; null exactly when nothing failed. */
  readonly first: string | null;
  readonly exit: { readonly code: ExitCode; readonly meaning: string };
  readonly coverage: Coverage;
  /** The claims of the checks that passed. */
  readonly ruledOut: readonly string[];
  readonly checks: readonly ReportCheck[];
};
