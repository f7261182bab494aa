import { isPermissionError } from '../../io/permission-error.ts';

/**
 * Why the daemon could not list or write its table, from the error that it logs or reports
 * (docs/jaco-daemon/isolation.md#firewall-loop).
 */
export type FirewallError =
  /** The daemon writes its rules to a temporary file first. */
  | 'temporary-file-read-only'
  | 'temporary-file'
  /** The kernel refuses the rules. */
  | 'load-refused'
  /** The kernel refuses the daemon. */
  | 'load-not-permitted'
  | 'not-permitted'
  | 'other';

/** Classifies an error text. */
export function firewallError(text: string): FirewallError {
  if (/CreateTemp:.*read-only file system/.test(text)) return 'temporary-file-read-only';
  if (/CreateTemp:|write \/tmp|chmod \/tmp/.test(text)) return 'temporary-file';
  const isLoad = /nft -f /.test(text);
  if (isPermissionError(text)) return isLoad ? 'load-not-permitted' : 'not-permitted';
  return isLoad ? 'load-refused' : 'other';
}
