import { demoCommand } from '../../../src/cli/demo-command.ts';
import { demo } from '../../../src/cli/jaco/demo.ts';
import { productRun } from '../../../src/cli/jaco/product-run.ts';

export default demoCommand({
  summary: 'Simulate a fault in a small cluster, and show the report of it. Does not touch this host.',
  product: productRun.product,
  demo,
});
