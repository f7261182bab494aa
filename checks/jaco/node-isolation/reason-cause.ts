import type { Cause } from '../../../src/engine/finding.ts';
import type { Jacod } from '../../../src/probes/jaco/daemon/inspect-process.ts';
import type { NftTable } from '../../../src/probes/jaco/isolation/nft-table.ts';
import { selfTest } from '../../../src/probes/jaco/isolation/self-test.ts';
import { type FirewallError, firewallError } from '../../../src/probes/jaco/journal/firewall-error.ts';
import type { FirewallLines } from '../../../src/probes/jaco/journal/firewall-lines.ts';

/** Facts of this host about its own isolation. */
export type LocalIsolation = {
  readonly table: NftTable | null;
  readonly lines: FirewallLines | null;
  readonly main: Jacod | null;
  readonly privateTmp: boolean | null;
  /** Whether the process is too young to have made its first comparison. */
  readonly young: boolean;
};

/** The catalogue's causes of `isolation_unavailable`, by the reason why the table could not be written. */
const REASON_CAUSES = {
  'temporary-file-read-only': 'private-tmp-off',
  'temporary-file': 'tmp-unusable',
  'load-refused': 'kernel-refused',
  'load-not-permitted': 'kernel-refused',
  'not-permitted': 'unknown',
  other: 'unknown',
} as const satisfies { readonly [E in FirewallError]: Cause<'isolation_unavailable'> };

/** Why the table could not be written, from the daemon's error text; null if the text does not say. */
export function reasonCause(reason: string | null): Cause<'isolation_unavailable'> {
  return REASON_CAUSES[firewallError(reason ?? '')];
}

/**
 * The report of an earlier process: the table is complete, and this process never failed to write it. It will not
 * withdraw the report, because only the process that saw the failure does
 * (docs/jaco-daemon/isolation.md#firewall-loop). Null if that cannot be determined.
 */
export function staleReport({
  table,
  lines,
  privateTmp,
  young,
}: LocalIsolation): { readonly cause: Cause<'isolation_unavailable'>; readonly evidence: readonly string[] } | null {
  if (table?.kind !== 'table' || young || lines?.seen !== 'from-start' || lines.applyFailed !== null) return null;
  if (selfTest(table.table, null).missing.length > 0) return null;
  return {
    cause: privateTmp === true ? 'left-over-status' : 'left-over-no-private-tmp',
    evidence: [
      'table inet jaco exists with its chains, and the daemon has not failed to write it since its start: the status is older than the start',
    ],
  };
}
