import { explainCommand } from '../../../src/cli/explain-command.ts';

export default explainCommand({
  summary: 'Explain an id, a state or a symptom, and how to fix it. Works offline.',
  examples: [
    '<%= config.bin %> <%= command.id %> no_leader',
    '<%= config.bin %> <%= command.id %> staging certificate still served',
    'jaco apply app.yaml 2>&1 | <%= config.bin %> <%= command.id %> -',
  ],
  product: {
    name: 'jaco',
    bin: 'jaco-doctor',
    load: async () => (await import('../../../src/cli/jaco/product-run.ts')).productRun.product,
    issueNamed: async (query) => (await import('../../../src/cli/jaco/explain-issue.ts')).explainIssue(query),
    idsIn: async (text) => (await import('../../../src/probes/jaco/find-ids-in-text.ts')).findIdsInText(text),
  },
});
