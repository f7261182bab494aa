import { notApplicable, value } from '../../engine/outcome.ts';
import { probe, type ReportedOutput } from './jacqos-probe.ts';

/** What `--from` gave: the output of the failed command, already read. */
export const reported = probe<ReportedOutput>({
  name: 'jacqos.reported',
  deadlineMs: 500,
  collect: async ({ settings }) =>
    settings.from === null ? notApplicable('no --from was given') : value(settings.from),
});
