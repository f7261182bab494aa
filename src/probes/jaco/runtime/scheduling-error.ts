/** Why a deployment is PENDING, from the scheduler's reason (docs/jaco-daemon/runtime.md#pending). */
export type SchedulingError = {
  readonly kind: 'too-few-hosts' | 'no-eligible-hosts' | 'no-image' | 'invalid-compose' | 'other';
  /** The service that the reason names; null if it names none. */
  readonly service: string | null;
};

const PATTERNS: readonly (readonly [RegExp, SchedulingError['kind']])[] = [
  [/only \d+ eligible host/, 'too-few-hosts'],
  [/no eligible hosts/, 'no-eligible-hosts'],
  [/not found in compose project/, 'no-image'],
  [/compose parse failed|spec hash failed/, 'invalid-compose'],
];

/** Classifies the reason of a deployment's status. */
export function schedulingError(reason: string): SchedulingError {
  return {
    kind: PATTERNS.find(([pattern]) => pattern.test(reason))?.[1] ?? 'other',
    service: /service "([^"]+)"/.exec(reason)?.[1] ?? null,
  };
}
