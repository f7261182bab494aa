import { check } from '../../src/engine/check.ts';
import { judged, pass, unknown } from '../../src/engine/finding.ts';
import { nextStepOf } from '../../src/engine/next-step-of.ts';
import { factOf } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { jacodProcess } from '../../src/probes/jaco/daemon/jacod-process.ts';
import { type PackageVersion, packageVersion } from '../../src/probes/jaco/daemon/package-version.ts';
import { jacodVersion, type VersionOrReason } from '../../src/probes/jaco/journal/jacod-version.ts';
import { compareVersions } from '../../src/probes/jaco/release/compare-versions.ts';
import { parseVersion } from '../../src/probes/jaco/release/parse-version.ts';

export default check({
  name: 'daemon-version',
  group: 'daemon',
  where: 'node',
  title: 'the running daemon is the installed release',
  reads: { version: jacodVersion, process: attempt(jacodProcess), pack: attempt(packageVersion) },
  finds: ['binary_not_restarted'],
  applies: ({ process }) =>
    process.kind !== 'value' || process.value.main !== null || 'no jacod is running on this host',
  judge({ version: { installed, running }, process, pack }) {
    const exe = process.kind === 'value' ? (process.value.main?.exe ?? null) : null;
    const packaged = factOf(pack);
    const evidence = [
      sentence('installed', installed),
      sentence('running', running),
      ...(packaged?.kind === 'known' ? [`package database: ${packaged.version}`] : []),
    ];
    const notes = [
      ...(installed.kind === 'unknown' ? [`the installed version of jacod is not known: ${installed.reason}`] : []),
      ...(running.kind === 'unknown'
        ? [
            `the version of the running jacod is unknown, because ${running.reason}: known issues are detected only by their symptoms`,
          ]
        : []),
    ];
    if (installed.kind === 'known' && running.kind === 'known') {
      if (installed.version === running.version) {
        const replaced = exe?.deleted
          ? [`${exe.path} was replaced by the same version after the daemon was started`]
          : [];
        return pass(evidence, { notes: [...replaced, ...packageNotes(packaged, running.version)] });
      }
      return judged([{ id: 'binary_not_restarted', subject: null, evidence }]);
    }
    if (exe?.deleted)
      return judged([
        {
          id: 'binary_not_restarted',
          subject: null,
          evidence: [
            `${exe.path}, the daemon's executable, was replaced or removed after the daemon was started`,
            ...evidence,
          ],
        },
      ]);
    if (exe !== null)
      return pass([`the daemon's executable ${exe.path} was not replaced after the daemon was started`, ...evidence], {
        notes,
      });
    // Without root, neither the program of the process nor, usually, the journal is readable.
    return unknown(
      `the running version could not be determined: ${unknownReason(running, installed)}`,
      process.kind === 'failed' ? nextStepOf(process.failure) : { kind: 'as-root' },
      { evidence: [sentence('installed', installed)] },
    );
  },
});

/**
 * An unstamped build reports `dev`, but its package is named after a release (docs/jaco-daemon/releases.md#versions).
 */
function packageNotes(packaged: PackageVersion | null, running: string): readonly string[] {
  if (packaged?.kind !== 'known') return [];
  const [ours, theirs] = [parseVersion(running, 'binary'), parseVersion(packaged.version, 'package')];
  if ('base' in ours && 'base' in theirs && compareVersions(ours, theirs) === 0) return [];
  return [`the package database says ${packaged.version}; the release that is running (${running}) counts`];
}

function sentence(which: string, version: VersionOrReason): string {
  return version.kind === 'known'
    ? `${which}: ${version.version} (${version.source})`
    : `${which}: unknown, ${version.reason}`;
}

function unknownReason(...versions: readonly VersionOrReason[]): string {
  return versions.flatMap((one) => (one.kind === 'unknown' ? [one.reason] : [])).join('; ');
}
