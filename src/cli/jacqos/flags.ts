import { Flags } from '@oclif/core';
import { type GivenFlags, runFlags } from '../flags.ts';

/** Flags of JacqOS's run. Flags for addresses have the names of `jacqos cloud login`. */
export const flags = runFlags({
  from: Flags.string({
    helpValue: 'FILE|-',
    description:
      'read the output of a failed command, with 2>&1 (- reads stdin); its ids come first, and only the checks that concern them run',
  }),
  deep: Flags.boolean({ description: 'ask the runtime itself: one GET with JACQOS_RUNTIME_TOKEN' }),
  'app-dir': Flags.string({ helpValue: 'PATH', description: 'directory of the app; the default is the current one' }),
  'management-url': Flags.string({
    helpValue: 'URL',
    description: 'address of the management plane [env: JACQOS_MANAGEMENT_URL, JACQOS_LIVE_MANAGEMENT_URL]',
  }),
  'runtime-cell-url': Flags.string({ helpValue: 'URL', description: 'address of the runtime cell' }),
  'ca-cert': Flags.string({
    helpValue: 'PATH',
    description:
      "CA of this network's proxy, PEM, in addition to the usual ones [env: SSL_CERT_FILE, NODE_EXTRA_CA_CERTS]",
  }),
  'app-id': Flags.string({ helpValue: 'ID', description: 'app to ask for with --deep, if status does not show it' }),
  'environment-id': Flags.string({
    helpValue: 'ID',
    description: 'environment to ask for with --deep, if status does not show it',
  }),
});

/** The parsed values of JacqOS's flags. */
export type JacqosFlags = GivenFlags<typeof flags>;
