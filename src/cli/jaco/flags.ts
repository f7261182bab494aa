import { Flags } from '@oclif/core';
import { type GivenFlags, runFlags } from '../flags.ts';

/** Flags of JACO's run. A flag has the name that JACO's own CLI uses, if there is one. */
export const flags = runFlags({
  since: Flags.string({ default: '24h', helpValue: 'DURATION', description: 'how far back to read the journal' }),
  server: Flags.string({
    multiple: true,
    delimiter: ',',
    helpValue: 'HOST:PORT',
    description:
      'ask operator ports over the network instead of this host; the first port that answers is asked about the whole cluster [env: JACO_SERVER]',
    // Both name files of this host.
    exclusive: ['socket', 'config'],
  }),
  token: Flags.string({
    helpValue: 'TOKEN',
    description: 'operator token; prefer the variable, because other users can see a command line [env: JACO_TOKEN]',
  }),
  socket: Flags.string({ helpValue: 'PATH', description: 'path of the control socket [env: JACO_SOCKET]' }),
  config: Flags.string({ helpValue: 'PATH', description: 'path of jacod.yaml [env: JACO_CONFIG]' }),
  'ca-cert': Flags.string({ helpValue: 'PATH', description: 'cluster CA, PEM [env: JACO_CA_CERT]' }),
  outside: Flags.string({
    multiple: true,
    delimiter: ',',
    helpValue: 'HOST:PORT',
    description: 'a host that containers must reach: connect to it from inside them, and from this host for comparison',
  }),
  deep: Flags.boolean({ description: 'send one HEAD request to the application behind each route of this node' }),
  from: Flags.string({
    helpValue: 'FILE|-',
    description: 'read the output of a failed command (- reads stdin), and confirm or refute the ids in it',
  }),
});

/** The parsed values of JACO's flags. */
export type JacoFlags = GivenFlags<typeof flags>;
