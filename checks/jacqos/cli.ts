import { check } from '../../src/engine/check.ts';
import { judged, pass, unknown } from '../../src/engine/finding.ts';
import type { Outcome } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { cliProgram } from '../../src/probes/jacqos/cli-program.ts';
import { cliVersion } from '../../src/probes/jacqos/cli-version.ts';
import type { Health } from '../../src/probes/jacqos/health.ts';
import { healthVerdict } from '../../src/probes/jacqos/health-verdict.ts';
import type { ReportedOutput } from '../../src/probes/jacqos/jacqos-probe.ts';
import { managementHealth } from '../../src/probes/jacqos/management-health.ts';
import { reportedOutput } from '../../src/probes/jacqos/reported-output.ts';
import { runtimeHealth } from '../../src/probes/jacqos/runtime-health.ts';

export default check({
  name: 'cli',
  group: 'local',
  where: 'anywhere',
  title: 'the jacqos command can be started and answers',
  reads: {
    program: attempt(cliProgram),
    version: attempt(cliVersion),
    reported: attempt(reportedOutput),
    management: attempt(managementHealth),
    runtime: attempt(runtimeHealth),
  },
  finds: ['jacqos_cli_missing'],
  judge({ program, version, reported, management, runtime }) {
    if (program.kind === 'not-applicable') return pass([program.reason]);
    if (program.kind === 'failed') {
      const { why, detail } = program.failure;
      if (why !== 'missing-tool' && why !== 'denied')
        return unknown(`PATH could not be searched: ${detail}`, program.failure);
      const cause = why === 'denied' ? 'not-executable' : 'absent';
      const isWarning = hasNamedAny(reported) || isDown(management, runtime);
      const finding = {
        id: 'jacqos_cli_missing',
        subject: null,
        cause,
        evidence: [detail],
        explains: ['program'],
      } as const;
      return judged([isWarning ? { ...finding, severity: 'warn' } : finding]);
    }
    const { path } = program.value;
    if (version.kind === 'failed')
      return unknown(`${path} --version failed: ${version.failure.detail}`, version.failure);
    if (version.kind === 'not-applicable') return pass([path], { notes: [version.reason] });
    if (version.value.kind === 'known') return pass([`${path} is version ${version.value.version}`]);
    const { reason } = version.value;
    // The format of the version is not documented, so a missing one is not a fault.
    if (reason.startsWith('no version')) return pass([path], { notes: [`jacqos --version: ${reason}`] });
    return unknown(`${path} --version: ${reason}`, { kind: 'run', argv: [path, '--version'] });
  },
});

/** Whether the pasted output contains ids or similar words. Then a command did run, perhaps on another host. */
function hasNamedAny(reported: Outcome<ReportedOutput>): boolean {
  if (reported.kind !== 'value') return false;
  const { present, mentioned, unrecognised, withheld } = reported.value;
  return present.length + mentioned.length + unrecognised.length + withheld > 0;
}

/** Whether a plane is down. Then that is the fault, and the missing command only limits what the doctor can see. */
function isDown(management: Outcome<{ readonly planes: readonly Health[] }>, runtime: Outcome<Health>): boolean {
  const isHealthDown = (one: Health): boolean => healthVerdict(one).kind === 'down';
  return (
    (management.kind === 'value' && management.value.planes.every(isHealthDown)) ||
    (runtime.kind === 'value' && isHealthDown(runtime.value))
  );
}
