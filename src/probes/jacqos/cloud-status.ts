import { type Result, value } from '../../engine/outcome.ts';
import { cliProgram } from './cli-program.ts';
import { probe } from './jacqos-probe.ts';
import { type CommandAnswer, isStartFailure, runJacqos } from './run-jacqos.ts';

/** The answer of `jacqos cloud status --json`; its shape is not documented (docs/jacqos.md#commands). */
export const cloudStatus = probe({
  name: 'jacqos.status',
  after: { program: cliProgram },
  deadlineMs: 9_000,
  async collect(io, { program }, signal): Promise<Result<CommandAnswer>> {
    io.phase('jacqos cloud status');
    const answer = await runJacqos([program.path, 'cloud', 'status', '--json'], io, signal);
    return isStartFailure(answer) ? answer : value(answer);
  },
});
