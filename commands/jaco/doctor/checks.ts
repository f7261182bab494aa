import { checksCommand } from '../../../src/cli/checks-command.ts';

export default checksCommand(async () => (await import('../../../src/cli/jaco/product-run.ts')).productRun.product);
