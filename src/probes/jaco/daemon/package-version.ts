import { type Result, value } from '../../../engine/outcome.ts';
import { clean } from '../../../engine/text.ts';
import { inspectPath, readText } from '../../io/files.ts';
import { probe } from '../jaco-probe.ts';

/**
 * The version of the package jaco in the host's package database. If it differs from the file or the process, it does
 * not count (docs/jaco-daemon/releases.md#versions).
 */
export type PackageVersion =
  | { readonly kind: 'known'; readonly version: string }
  /** JACO was not installed as a package. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unread'; readonly reason: string };

const DPKG_STATUS = '/var/lib/dpkg/status';
const RPM_DATABASE = '/var/lib/rpm';
const MAX_BYTES = 32 * 1024 * 1024;

/** Reads dpkg's own file; no program is run. Only rpm can read its database, so that is not read. */
export const packageVersion = probe({
  name: 'jaco.package',
  observes: 'host',
  deadlineMs: 1_000,
  async collect(): Promise<Result<PackageVersion>> {
    const status = await readText(DPKG_STATUS, MAX_BYTES);
    if (status.kind === 'text') return value(dpkgVersion(status.text));
    if (status.failure.why !== 'absent') return status;
    const rpm = await inspectPath(RPM_DATABASE);
    return value(
      rpm.kind === 'there' ? { kind: 'unread', reason: `only rpm reads ${RPM_DATABASE}` } : { kind: 'none' },
    );
  },
});

/** The version of the installed package jaco in dpkg's status file. */
export function dpkgVersion(status: string): PackageVersion {
  const start = status.startsWith('Package: jaco\n') ? 0 : status.indexOf('\nPackage: jaco\n') + 1;
  if (start === 0 && !status.startsWith('Package: jaco\n')) return { kind: 'none' };
  const end = status.indexOf('\n\n', start);
  const paragraph = status.slice(start, end === -1 ? undefined : end);
  // A removed package keeps its paragraph.
  const isInstalled = /^Status: install ok installed$/m.test(paragraph);
  const version = /^Version: (\S+)$/m.exec(paragraph)?.[1];
  return isInstalled && version !== undefined ? { kind: 'known', version: clean(version, 128) } : { kind: 'none' };
}
