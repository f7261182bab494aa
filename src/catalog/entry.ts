/** How bad a finding of an id is. `none` is normal, or never found by a check. */
export type Severity = 'fail' | 'warn' | 'none';

/** What running a step does. `destructive` steps come last and are withheld while they could do harm. */
export type Effect = 'read' | 'restart' | 'write' | 'destructive';

/**
 * When a step may be printed. Everything named must hold; an undecided one counts as not holding.
 * `leader` one is known · `systemd` booted here · `no-systemd` not · `no-raft-state` raft/log.db was looked for and is not
 * there · `raft-state` it is there.
 */
export type Condition = 'leader' | 'no-leader' | 'systemd' | 'no-systemd' | 'raft-state' | 'no-raft-state';

/** One step of a fix: a command as argv without sudo, or prose where there is no command. Both may hold `{placeholders}`. */
export type Step = {
  readonly why: string;
  readonly run: readonly string[] | null;
  readonly do: string | null;
  readonly effect: Effect;
  /** Where it is run: affected-node, leader, any-node, each-node, operator, registry, … */
  readonly on: string;
  readonly needs: 'root' | 'group-jaco' | 'token' | 'nobody';
  readonly note: string | null;
  /** Printed only for findings with one of these causes; empty: always. */
  readonly for: readonly string[];
  readonly when: readonly Condition[];
};

export type Retry =
  | { readonly kind: 'no' | 'after-fix' | 'redo' | 'wait' }
  | { readonly kind: 'transient'; readonly after: string };

/**
 * How the doctor detects an id: `live` a check finds it on a host or cluster · `planned` no check finds it yet ·
 * `from-text` only the output of a failed command shows it · `explain-only` never, and `why` says why.
 */
export type Caught = {
  readonly how: 'live' | 'planned' | 'from-text' | 'explain-only';
  readonly why: string | null;
};

/** What is known of one id. */
export type Entry = {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly origin: 'jaco-docs' | 'jacqos-docs' | 'jaco-source' | 'doctor';
  readonly scope: string | null;
  readonly meaning: string;
  readonly impact: string;
  /** Where the published page and the daemon differ: both, in a sentence or two; null where they agree. */
  readonly differs: string | null;
  readonly fix: readonly Step[];
  /** `flags` are those without which the check would not look where the failure shows. */
  readonly verify:
    | { readonly only: string; readonly flags: readonly string[] }
    | { readonly run: readonly string[] }
    | null;
  readonly retry: Retry;
  readonly docs: string;
  /** Ids this one usually follows from, when one of them is found too. */
  readonly symptomOf: readonly string[];
  /** Ids that are easily taken for this one, with what tells them apart. */
  readonly notToBeConfusedWith: readonly { readonly id: string; readonly because: string }[];
  readonly caught: Caught;
};

/** Something the pages name that is no id: a heading, a state, an audit event. Explained, and pointed to what is really seen. */
export type Topic = {
  readonly kind:
    | 'heading'
    | 'replica-state'
    | 'deployment-status'
    | 'node-status'
    | 'rollout-state'
    | 'audit-event'
    | 'statement';
  /** As the page writes it. */
  readonly name: string;
  readonly meaning: string;
  /** Whether the daemon ever writes it (states and events); null for headings. */
  readonly written: boolean | null;
  readonly ids: readonly string[];
  readonly docs: string;
};
