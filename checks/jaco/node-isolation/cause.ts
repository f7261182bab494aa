import type { Jacod } from '../../../src/probes/jaco/daemon/process/scan.ts';
import type { NftTable } from '../../../src/probes/jaco/isolation/nft-table.ts';
import { selfTest } from '../../../src/probes/jaco/isolation/self-test.ts';
import type { FirewallLines } from '../../../src/probes/jaco/journal/firewall-lines.ts';

/** What this host itself shows of its isolation. */
export type Here = {
  readonly table: NftTable | null;
  readonly lines: FirewallLines | null;
  readonly main: Jacod | null;
  readonly privateTmp: boolean | null;
  /** Whether the process is so young that it has yet to compare for the first time. */
  readonly young: boolean;
};

type Cause = { readonly cause: string; readonly values: { readonly [name: string]: string } };

/** Why the table could not be written, by what the daemon says of it (contract 5.3). */
export function reasonCause(reason: string | null): Cause {
  const text = reason ?? '';
  if (/CreateTemp:.*read-only file system/.test(text)) return { cause: 'private-tmp-off', values: {} };
  if (/CreateTemp:|write \/tmp|chmod \/tmp/.test(text)) return { cause: 'tmp-unusable', values: {} };
  if (/nft -f /.test(text)) return { cause: 'kernel-refused', values: {} };
  return { cause: 'unknown', values: {} };
}

/**
 * The word of an earlier process: the table is whole and this process has never failed to write it. It will not take the
 * word back, for only one that itself saw the failure does (live H1). Null where that cannot be told.
 */
export function leftOver({
  table,
  lines,
  privateTmp,
  young,
}: Here): (Cause & { readonly evidence: readonly string[] }) | null {
  if (table?.kind !== 'table' || young || lines?.seen !== 'from-start' || lines.applyFailed !== null) return null;
  if (selfTest(table.table, null).missing.length > 0) return null;
  return {
    cause: privateTmp === true ? 'left-over-status' : 'left-over-no-private-tmp',
    values: {},
    evidence: [
      'table inet jaco is there with its chains, and this daemon has not failed to write it since it started: the word is from before',
    ],
  };
}
