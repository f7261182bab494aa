import { check } from '../../src/engine/check.ts';
import { judged, pass, unknown } from '../../src/engine/finding.ts';
import { attempt } from '../../src/engine/probe.ts';
import { jacodProcess } from '../../src/probes/jaco/daemon/jacod-process.ts';
import { jacodVersion, type Versioned } from '../../src/probes/jaco/journal/jacod-version.ts';

export default check({
  name: 'daemon-version',
  group: 'daemon',
  where: 'node',
  title: 'the running daemon is the installed one',
  reads: { version: jacodVersion, process: attempt(jacodProcess) },
  finds: ['binary_not_restarted'],
  applies: ({ process }) => process.kind !== 'value' || process.value.main !== null || 'no jacod runs here',
  judge({ version: { installed, running, path }, process }) {
    const exe = process.kind === 'value' ? (process.value.main?.exe ?? null) : null;
    const evidence = [sentence('installed', installed), sentence('running', running)];
    const notes = [installed, running].flatMap((one) =>
      one.kind === 'unknown' ? [`a version could not be read: ${one.reason}`] : [],
    );
    if (installed.kind === 'known' && running.kind === 'known') {
      if (installed.version === running.version) {
        const replaced = exe?.deleted ? [`${exe.path} was replaced since the daemon started, by the same version`] : [];
        return pass(evidence, { notes: replaced });
      }
      return judged([{ id: 'binary_not_restarted', subject: null, evidence }]);
    }
    if (exe?.deleted)
      return judged([
        {
          id: 'binary_not_restarted',
          subject: null,
          evidence: [
            `the file the daemon runs from, ${exe.path}, was replaced or removed since it started`,
            ...evidence,
          ],
        },
      ]);
    if (exe !== null)
      return pass([`the daemon runs from ${exe.path}, which was not replaced since it started`, ...evidence], {
        notes,
      });
    // Without root neither the program of the process nor, as a rule, the journal is open to us.
    return unknown(`which version runs could not be seen: ${unknownReason(running, installed)}; root can see it`, {
      evidence: [`asked for its version: ${path}`],
    });
  },
});

function sentence(which: string, version: Versioned): string {
  return version.kind === 'known'
    ? `${which}: ${version.version} (${version.source})`
    : `${which}: not known, ${version.reason}`;
}

function unknownReason(...versions: readonly Versioned[]): string {
  return versions.flatMap((one) => (one.kind === 'unknown' ? [one.reason] : [])).join('; ');
}
