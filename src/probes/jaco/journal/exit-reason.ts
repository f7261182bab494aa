import type { ConfigCause } from '../daemon/jacod-config/settings.ts';

/** The meaning of the error of `jacod exited` (docs/jaco-daemon/daemon.md#start-errors). */
export type ExitReason =
  /** jacod.yaml, a value in it, or the command line, with the daemon's own description of the problem. */
  | {
      readonly kind: 'config';
      readonly cause: ConfigCause | 'bad-port' | 'socket-path-too-long' | 'unknown-flag' | null;
      readonly key: string | null;
    }
  | { readonly kind: 'forwarder-loop'; readonly forwarder: string | null }
  | { readonly kind: 'port-in-use' | 'address-gone'; readonly address: string }
  | { readonly kind: 'no-private-address' | 'disk-full' | 'unwritable' | 'other' };

const PATTERNS: readonly (readonly [RegExp, (match: RegExpExecArray) => ExitReason])[] = [
  [
    /dns\.forwarders\[\\?"(.*?)\\?"\]: .*forwarding loop/,
    ([, forwarder = '']) => ({ kind: 'forwarder-loop', forwarder }),
  ],
  [/^flag provided but not defined: -*(\S+)/, ([, key = '']) => config('unknown-flag', key)],
  [/field (\S+) not found in type config\./, ([, key = '']) => config('unknown-key', key)],
  [/mapping key \\?"(.*?)\\?" already defined/, ([, key = '']) => config('duplicate-key', key)],
  [/parse jacod\.yaml: EOF$/, () => config('empty-file', null)],
  [/cannot unmarshal .* into /, () => config('wrong-type', null)],
  [/^load config .*is a directory/, () => config('is-directory', null)],
  [/^load config .*: permission denied/, () => config('unreadable', null)],
  [/parse jacod\.yaml: yaml: /, () => config('not-yaml', null)],
  [/^load config .*?: ([a-z_]+(?:\.[a-z_]+)?)\b/, ([, key = '']) => config('bad-value', key)],
  [/^load config /, () => config(null, null)],
  [/listen unix .*: bind: invalid argument/, () => config('socket-path-too-long', 'unix_socket')],
  [/listen tcp .*: (?:address \S+: )?(?:invalid port|unknown port)/, () => config('bad-port', 'listen_addr')],
  [/listen tcp (\S+): bind: address already in use/, ([, address = '']) => ({ kind: 'port-in-use', address })],
  [
    /listen tcp (\S+): bind: cannot assign requested address/,
    ([, address = '']) => ({ kind: 'address-gone', address }),
  ],
  [/no routable IPv4 interface address found/, () => ({ kind: 'no-private-address' })],
  [/no space left on device/, () => ({ kind: 'disk-full' })],
  [/read-only file system|: permission denied/, () => ({ kind: 'unwritable' })],
];

/** Classifies an error of the daemon. */
export function exitReason(error: string): ExitReason {
  for (const [pattern, reason] of PATTERNS) {
    const match = pattern.exec(error);
    if (match !== null) return reason(match);
  }
  return { kind: 'other' };
}

type Config = Extract<ExitReason, { kind: 'config' }>;

function config(cause: Config['cause'], key: string | null): Config {
  return { kind: 'config', cause, key };
}
