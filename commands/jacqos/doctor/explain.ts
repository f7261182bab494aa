import { explainCommand } from '../../../src/cli/explain-command.ts';

export default explainCommand({
  summary: 'Explain an id or a symptom, and what to do. Works offline.',
  examples: [
    '<%= config.bin %> <%= command.id %> no_active_evaluator',
    '<%= config.bin %> <%= command.id %> cloud append is rejected',
    'jacqos cloud deploy --json 2>&1 | <%= config.bin %> <%= command.id %> -',
  ],
  product: {
    name: 'jacqos',
    bin: 'jacqos-doctor',
    load: async () => (await import('../../../src/cli/jacqos/product-run.ts')).productRun.product,
    idsIn: async (text) => {
      const { readOutput } = await import('../../../src/probes/jacqos/reader/read-output.ts');
      const { present, mentioned, unrecognised } = readOutput(text, { failed: true });
      return { ids: [...present, ...mentioned.map(({ id }) => id)], unrecognised };
    },
  },
});
