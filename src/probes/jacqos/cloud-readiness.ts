import { type Result, value } from '../../engine/outcome.ts';
import { cliProgram } from './cli-program.ts';
import { ask, type CommandAnswer, isFailure } from './command.ts';
import { probe } from './io.ts';

/** What `jacqos cloud readiness --json` says; of its shape nothing is documented (docs/jacqos.md#commands). */
export const cloudReadiness = probe({
  name: 'jacqos.readiness',
  after: { program: cliProgram },
  deadlineMs: 9_000,
  async collect(io, { program }, signal): Promise<Result<CommandAnswer>> {
    io.phase('jacqos cloud readiness');
    const answer = await ask([program.path, 'cloud', 'readiness', '--json'], io, signal);
    return isFailure(answer) ? answer : value(answer);
  },
});
