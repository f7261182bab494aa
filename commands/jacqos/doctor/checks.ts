import { checksCommand } from '../../../src/cli/checks-command.ts';

export default checksCommand(async () => (await import('../../../src/cli/jacqos/product-run.ts')).productRun.product);
