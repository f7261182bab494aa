import { type Result, value } from '../../engine/outcome.ts';
import { cliProgram } from './cli-program.ts';
import { probe } from './jacqos-probe.ts';
import { type CommandAnswer, isStartFailure, runJacqos } from './run-jacqos.ts';

/** The answer of `jacqos cloud readiness --json`; its shape is not documented (docs/jacqos.md#commands). */
export const cloudReadiness = probe({
  name: 'jacqos.readiness',
  after: { program: cliProgram },
  deadlineMs: 9_000,
  async collect(io, { program }, signal): Promise<Result<CommandAnswer>> {
    io.phase('jacqos cloud readiness');
    const answer = await runJacqos([program.path, 'cloud', 'readiness', '--json'], io, signal);
    return isStartFailure(answer) ? answer : value(answer);
  },
});
