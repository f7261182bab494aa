/**
 * Why an image could not be pulled, from the registry's or Docker's error text
 * (docs/jaco-daemon/runtime.md#replica-faults).
 */
export type PullError = 'dns' | 'unauthorized' | 'not-found' | 'timeout' | 'unreachable' | 'unknown';

/**
 * The first match counts: a name server's text quotes the registry's name, and an authentication error may say "does
 * not exist".
 */
const PATTERNS: readonly (readonly [RegExp, PullError])[] = [
  [/no such host|server misbehaving|lookup \S+( on \S+)?:|name resolution/i, 'dns'],
  [/unauthorized|authentication required|no basic auth|access denied|\b401\b|\b403\b|denied:/i, 'unauthorized'],
  [/manifest unknown|not found|does not exist|name unknown|no matching manifest|invalid reference/i, 'not-found'],
  [/timeout|deadline exceeded|timed out/i, 'timeout'],
  [
    /connection refused|no route to host|network is unreachable|connection reset|x509|tls:|EOF|server gave HTTP/i,
    'unreachable',
  ],
];

/** Classifies the reason that JACO stores for a failed pull. */
export function pullError(reason: string): PullError {
  return PATTERNS.find(([pattern]) => pattern.test(reason))?.[1] ?? 'unknown';
}
