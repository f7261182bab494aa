import { check } from '../../src/engine/check.ts';
import { judged, pass, unknown } from '../../src/engine/finding.ts';
import { attempt } from '../../src/engine/probe.ts';
import { cliProgram } from '../../src/probes/jacqos/cli-program.ts';
import { cliVersion } from '../../src/probes/jacqos/cli-version.ts';
import { reported } from '../../src/probes/jacqos/reported.ts';

export default check({
  name: 'cli',
  group: 'local',
  where: 'anywhere',
  title: 'the jacqos command can be started and answers',
  reads: { program: attempt(cliProgram), version: attempt(cliVersion), reported: attempt(reported) },
  finds: ['jacqos_cli_missing'],
  judge({ program, version, reported }) {
    if (program.kind === 'not-applicable') return pass([program.reason]);
    if (program.kind === 'failed') {
      const { why, detail } = program.failure;
      if (why !== 'missing-tool' && why !== 'denied')
        return unknown(`PATH could not be searched: ${detail}`, { failure: program.failure });
      const cause = why === 'denied' ? 'not-executable' : 'absent';
      // Who pasted an id has its headline there: that this host lacks the command only says that it was another host's.
      const pasted = reported.kind === 'value' && reported.value.present.length > 0;
      const finding = {
        id: 'jacqos_cli_missing',
        subject: null,
        cause,
        evidence: [detail],
        explains: ['program'],
      } as const;
      return judged([pasted ? { ...finding, severity: 'warn' } : finding]);
    }
    const { path } = program.value;
    if (version.kind === 'failed')
      return unknown(`${path} could not be asked for its version: ${version.failure.detail}`, {
        failure: version.failure,
      });
    if (version.kind === 'not-applicable') return pass([path], { notes: [version.reason] });
    if (version.value.kind === 'known') return pass([`${path} is version ${version.value.version}`]);
    const { reason } = version.value;
    // How a version is printed is not documented, so one that was not found is no fault.
    if (reason.startsWith('no version')) return pass([path], { notes: [`jacqos --version: ${reason}`] });
    return unknown(`${path} --version: ${reason}`);
  },
});
