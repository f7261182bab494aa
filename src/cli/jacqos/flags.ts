import { Flags } from '@oclif/core';
import { type GivenFlags, runFlags } from '../flags.ts';

/** Flags of JacqOS's run; those for addresses are named as `jacqos cloud login` names them. */
export const flags = runFlags({
  from: Flags.string({
    helpValue: 'FILE|-',
    description: 'output of the failed command (2>&1): its ids lead, and only what bears on them is looked at',
  }),
  deep: Flags.boolean({ description: 'ask the runtime itself, with JACQOS_RUNTIME_TOKEN and one GET' }),
  'app-dir': Flags.string({ helpValue: 'PATH', description: "the app's folder; the current one unless given" }),
  'management-url': Flags.string({
    helpValue: 'URL',
    description: 'management plane [env: JACQOS_MANAGEMENT_URL, JACQOS_LIVE_MANAGEMENT_URL]',
  }),
  'runtime-cell-url': Flags.string({ helpValue: 'URL', description: 'runtime cell' }),
  'ca-cert': Flags.string({
    helpValue: 'PATH',
    description: "CA of this network's proxy, PEM, beside the usual ones [env: SSL_CERT_FILE, NODE_EXTRA_CA_CERTS]",
  }),
  'app-id': Flags.string({ helpValue: 'ID', description: 'app to ask for with --deep, where status does not show it' }),
  'environment-id': Flags.string({ helpValue: 'ID', description: 'its environment, likewise' }),
});

/** What is given for them. */
export type JacqosFlags = GivenFlags<typeof flags>;
