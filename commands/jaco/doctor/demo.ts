import { demoCommand } from '../../../src/cli/demo-command.ts';
import { demo } from '../../../src/cli/jaco/demo.ts';
import { productRun } from '../../../src/cli/jaco/product-run.ts';

export default demoCommand({
  summary: 'Break a small cluster inside this process and show what the doctor reports. Needs no root.',
  product: productRun.product,
  demo,
});
