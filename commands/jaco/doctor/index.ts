import { flags } from '../../../src/cli/jaco/flags.ts';
import { runCommand } from '../../../src/cli/run-command.ts';

export default runCommand({
  summary: 'Find the first thing that is wrong on this JACO node, and the fix that works here.',
  reads:
    'Changes nothing: no file is written, no service is started, no setting is changed. It reads, and as root it sends a few test packets from the network namespaces of containers.',
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
