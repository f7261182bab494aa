import { demoCommand } from '../../../src/cli/demo-command.ts';
import { demo } from '../../../src/cli/jacqos/demo.ts';
import { productRun } from '../../../src/cli/jacqos/product-run.ts';

export default demoCommand({
  summary: 'Break a stand-in cloud inside this process and show what the doctor reports. Needs no network.',
  product: productRun.product,
  demo,
});
