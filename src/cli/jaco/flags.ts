import { Flags } from '@oclif/core';
import { type CommonFlags, commonFlags } from '../common-flags.ts';

/** Flags of JACO's run. Names follow JACO's own CLI where it has the same thing. */
export const runFlags = {
  ...commonFlags,
  since: Flags.string({ default: '24h', helpValue: 'DURATION', description: 'how far back the journal is read' }),
  server: Flags.string({
    multiple: true,
    delimiter: ',',
    helpValue: 'HOST:PORT',
    description:
      'ask operator ports over the network instead of this host; the first that answers leads [env: JACO_SERVER]',
  }),
  token: Flags.string({ helpValue: 'TOKEN', description: 'operator token; the variable is safer [env: JACO_TOKEN]' }),
  socket: Flags.string({ helpValue: 'PATH', description: 'control socket [env: JACO_SOCKET]' }),
  config: Flags.string({ helpValue: 'PATH', description: 'jacod.yaml [env: JACO_CONFIG]' }),
  'ca-cert': Flags.string({ helpValue: 'PATH', description: 'cluster CA, PEM [env: JACO_CA_CERT]' }),
  from: Flags.string({
    helpValue: 'FILE|-',
    description: 'output of a failed command: what it reports is confirmed or refuted',
  }),
} as const;

/** Parsed {@link runFlags}. */
export type RunFlags = CommonFlags & {
  readonly since: string;
  readonly server?: string[] | undefined;
  readonly token?: string | undefined;
  readonly socket?: string | undefined;
  readonly config?: string | undefined;
  readonly 'ca-cert'?: string | undefined;
  readonly from?: string | undefined;
};
