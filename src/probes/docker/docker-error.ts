/**
 * The meaning of a Docker error text, from Docker's own answer or as JACO stores or logs it
 * (docs/jaco-daemon/runtime.md#replica-faults).
 */
export type DockerError =
  | { readonly kind: 'unreachable' }
  /** The client may not open Docker's socket. */
  | { readonly kind: 'permission-denied' }
  /** The engine is too old or too new for the client. */
  | { readonly kind: 'api-version' }
  /**
   * No disk space; the folder of containerd's images if they are stored there (Docker 29 and newer), null if it is not
   * named.
   */
  | { readonly kind: 'no-space'; readonly containerdRoot: string | null }
  /** A new network's addresses are those of another network. */
  | { readonly kind: 'address-overlap' }
  | { readonly kind: 'removal-in-progress' }
  | { readonly kind: 'no-container' }
  | { readonly kind: 'no-network'; readonly network: string }
  | { readonly kind: 'other' };

const PATTERNS: readonly (readonly [RegExp, (match: RegExpExecArray) => DockerError])[] = [
  // The kernel uses the same text if no cgroups or inotify watches are left. Then no disk is full.
  [/no space left on device(?=[\s\S]*(?:\/sys\/fs\/cgroup|inotify))/i, () => ({ kind: 'other' })],
  [/(?:\/sys\/fs\/cgroup|inotify)[\s\S]*no space left on device/i, () => ({ kind: 'other' })],
  [
    /no space left on device/i,
    ({ input }) => ({ kind: 'no-space', containerdRoot: /(\/\S*?)\/io\.containerd\./.exec(input)?.[1] ?? null }),
  ],
  [
    /permission denied while trying to connect|Cannot connect to the Docker daemon[\s\S]*permission denied/i,
    () => ({ kind: 'permission-denied' }),
  ],
  [/client version \S+ is too (?:new|old)|Minimum supported API version/i, () => ({ kind: 'api-version' })],
  [/Cannot connect to the Docker daemon/i, () => ({ kind: 'unreachable' })],
  [/Pool overlaps with other one/i, () => ({ kind: 'address-overlap' })],
  [/removal of container .* is already in progress/i, () => ({ kind: 'removal-in-progress' })],
  [/No such container/i, () => ({ kind: 'no-container' })],
  [/network (\S+) not found/, ([, network = '']) => ({ kind: 'no-network', network })],
];

/** Classifies an error text. */
export function dockerError(text: string): DockerError {
  for (const [pattern, error] of PATTERNS) {
    const match = pattern.exec(text);
    if (match !== null) return error(match);
  }
  return { kind: 'other' };
}

/** Whether the client could not use the engine at all. */
export function isEngineRefusal({ kind }: DockerError): boolean {
  return kind === 'unreachable' || kind === 'permission-denied' || kind === 'api-version';
}
