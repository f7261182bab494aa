import { ACTIVE } from './scene.ts';
import { describeStatusCommand } from './status-command.ts';

describeStatusCommand('deployment-status', 'status', ACTIVE);
