import { notApplicable, value } from '../../engine/outcome.ts';
import { probe, type ReportedOutput } from './jaco-probe.ts';

/** The facts from the input of `--from`. */
export const reportedOutput = probe<ReportedOutput>({
  name: 'jaco.reported',
  where: 'anywhere',
  deadlineMs: 100,
  collect: async ({ settings }) =>
    settings.from === null ? notApplicable('no --from was given') : value(settings.from),
});
