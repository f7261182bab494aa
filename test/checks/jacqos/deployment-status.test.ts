import deploymentStatus from '../../../checks/jacqos/deployment-status.ts';
import { idsAndTextsArePinned } from '../scene.ts';
import { ACTIVE } from './scene.ts';
import { describeStatusCommand } from './status-command.ts';

describeStatusCommand(deploymentStatus, 'status', ACTIVE);

idsAndTextsArePinned('jacqos', deploymentStatus);
