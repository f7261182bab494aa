import { demoCommand } from '../../../src/cli/demo-command.ts';

export default demoCommand({
  summary: 'Break a stand-in cloud inside this process and show what the doctor says of it. Needs no network.',
  load: async () => {
    const [{ productRun: run }, { demo }] = await Promise.all([
      import('../../../src/cli/jacqos/product-run.ts'),
      import('../../../src/cli/jacqos/demo.ts'),
    ]);
    return { product: run.product, demo };
  },
});
