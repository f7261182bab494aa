import { notApplicable } from '../../../engine/outcome.ts';

/** What a replay knows of the ingress if the recording's version kept only the deployments of Deploy.Status. */
export const notRecorded = notApplicable('the version that made this recording did not collect it');
