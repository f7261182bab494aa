import { flags } from '../../../src/cli/jacqos/flags.ts';
import { runCommand } from '../../../src/cli/run-command.ts';

export default runCommand({
  summary: 'Find the first fault of a JacqOS Cloud step, and print the next step.',
  reads:
    'The doctor only reads: two commands of jacqos (cloud readiness and cloud status), health addresses with GET, and files.',
  exitCodes: { first: 'the first failing id in triage order', usage: 'a flag or file is not valid' },
  examples: [
    '<%= config.bin %> <%= command.id %>',
    'jacqos cloud deploy --json 2>&1 | <%= config.bin %> <%= command.id %> --from -',
    '<%= config.bin %> <%= command.id %> --deep --app-id APP --environment-id ENV',
    '<%= config.bin %> <%= command.id %> explain no_active_evaluator',
  ],
  flags,
  load: async () => (await import('../../../src/cli/jacqos/product-run.ts')).productRun,
});
