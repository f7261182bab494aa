import { demoCommand } from '../../../src/cli/demo-command.ts';

export default demoCommand({
  summary: 'Break a small cluster inside this process and show what the doctor says of it. Needs no root.',
  load: async () => {
    const [{ productRun: run }, { demo }] = await Promise.all([
      import('../../../src/cli/jaco/product-run.ts'),
      import('../../../src/cli/jaco/demo.ts'),
    ]);
    return { product: run.product, demo };
  },
});
