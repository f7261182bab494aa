import { Flags } from '@oclif/core';
import { type GivenFlags, runFlags } from '../flags.ts';

/** Flags of JACO's run. Names follow JACO's own CLI where it has the same thing. */
export const flags = runFlags({
  since: Flags.string({ default: '24h', helpValue: 'DURATION', description: 'how far back the journal is read' }),
  server: Flags.string({
    multiple: true,
    delimiter: ',',
    helpValue: 'HOST:PORT',
    description:
      'ask operator ports over the network instead of this host; the first that answers leads [env: JACO_SERVER]',
    // They name files of this host.
    exclusive: ['socket', 'config'],
  }),
  token: Flags.string({ helpValue: 'TOKEN', description: 'operator token; the variable is safer [env: JACO_TOKEN]' }),
  socket: Flags.string({ helpValue: 'PATH', description: 'control socket [env: JACO_SOCKET]' }),
  config: Flags.string({ helpValue: 'PATH', description: 'jacod.yaml [env: JACO_CONFIG]' }),
  'ca-cert': Flags.string({ helpValue: 'PATH', description: 'cluster CA, PEM [env: JACO_CA_CERT]' }),
  outside: Flags.string({
    multiple: true,
    delimiter: ',',
    helpValue: 'HOST:PORT',
    description: 'a host that containers must reach: ask it from inside them, and from this host to compare',
  }),
  deep: Flags.boolean({ description: 'send one HEAD request to the application behind each route of this node' }),
  from: Flags.string({
    helpValue: 'FILE|-',
    description: 'output of a failed command: what it reports is confirmed or refuted',
  }),
});

/** What is given for them. */
export type JacoFlags = GivenFlags<typeof flags>;
