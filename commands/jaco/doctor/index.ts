import { flags } from '../../../src/cli/jaco/flags.ts';
import { runCommand } from '../../../src/cli/run-command.ts';

export default runCommand({
  summary: 'Find the first fault on this JACO node, and print the fix for this host.',
  reads:
    'The doctor only reads: it starts no service, changes no setting, and writes no file except with --record. As root it also sends a few test packets from the network namespaces of containers. With --deep and --outside it also connects to applications and to the named hosts.',
  exitCodes: { first: 'the first failing id', usage: 'a flag or file is not valid, or this host has no JACO' },
  examples: [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --only raft --verbose',
    'jaco apply app.yaml 2>&1 | <%= config.bin %> <%= command.id %> --from -',
    '<%= config.bin %> <%= command.id %> explain no_leader',
  ],
  flags,
  load: async () => (await import('../../../src/cli/jaco/product-run.ts')).productRun,
});
