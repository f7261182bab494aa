import { checksCommand } from '../../../src/cli/checks-command.ts';

export default checksCommand(async () => (await import('../../../src/cli/jacqos/run.ts')).run.product);
