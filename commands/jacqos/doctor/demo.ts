import { demoCommand } from '../../../src/cli/demo-command.ts';
import { demo } from '../../../src/cli/jacqos/demo.ts';
import { productRun } from '../../../src/cli/jacqos/product-run.ts';

export default demoCommand({
  summary: 'Simulate a fault in a cloud, and show the report of it. Needs no network.',
  product: productRun.product,
  demo,
});
