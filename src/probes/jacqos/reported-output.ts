import { notApplicable, value } from '../../engine/outcome.ts';
import { probe, type ReportedOutput } from './jacqos-probe.ts';

/** The facts from the input of `--from`: the output of the failed command. */
export const reportedOutput = probe<ReportedOutput>({
  name: 'jacqos.reported',
  deadlineMs: 500,
  collect: async ({ settings }) =>
    settings.from === null ? notApplicable('no --from was given') : value(settings.from),
});
