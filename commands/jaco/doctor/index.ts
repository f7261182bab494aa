import { flags } from '../../../src/cli/jaco/flags.ts';
import { runCommand } from '../../../src/cli/run-command.ts';

export default runCommand({
  summary: 'Find the first fault on this JACO node, and print the fix for this host.',
  reads:
    'Reads only: it starts no service and changes no setting, and writes no file except with --record. As root it also sends a few test packets from the network namespaces of containers.',
  exitCodes: { first: 'the first failing id', usage: 'flags, files, or no JACO on this host' },
  examples: [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --only raft --verbose',
    'jaco apply app.yaml 2>&1 | <%= config.bin %> <%= command.id %> --from -',
    '<%= config.bin %> <%= command.id %> explain no_leader',
  ],
  flags,
  load: async () => (await import('../../../src/cli/jaco/product-run.ts')).productRun,
});
