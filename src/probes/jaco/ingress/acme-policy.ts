import { failed, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { jacodConfig } from '../daemon/jacod-config.ts';
import { acmeLines } from '../journal/acme-lines.ts';

/** The authority of a node's certificates. `private` is any other than Let's Encrypt. */
export type Authority = 'lets-encrypt' | 'lets-encrypt-staging' | 'private';

/** The ACME settings of this node. */
export type AcmePolicy = {
  readonly enabled: boolean;
  readonly ca: string;
  readonly authority: Authority;
  readonly skipStaging: boolean;
  /** `log`: the running settings. `config`: those of the file, which a running daemon may not have read. */
  readonly from: 'log' | 'config';
};

/** The ACME settings in use (docs/jaco-daemon/ingress.md#acme-errors). They may differ between nodes. */
export const acmePolicy = derive({
  name: 'jaco.acme-policy',
  where: 'node',
  from: { config: jacodConfig, lines: attempt(acmeLines) },
  derive({ config: { settings, path }, lines }) {
    const logged = lines.kind === 'value' ? lines.value.settings : null;
    if (logged !== null) return value<AcmePolicy>({ ...logged, authority: authorityOf(logged.ca), from: 'log' });
    if (settings === null)
      return failed('withheld', 'config', `${path} cannot be read as the daemon reads it`, jacodConfig);
    const { acmeEnabled: enabled, acmeCa: ca, acmeSkipStaging: skipStaging } = settings;
    return value<AcmePolicy>({ enabled, ca, authority: authorityOf(ca), skipStaging, from: 'config' });
  },
});

/** The authority behind a directory URL; an empty one means production of Let's Encrypt. */
export function authorityOf(ca: string): Authority {
  if (ca === '' || ca.includes('//acme-v02.api.letsencrypt.org/')) return 'lets-encrypt';
  return ca.includes('//acme-staging-v02.api.letsencrypt.org/') ? 'lets-encrypt-staging' : 'private';
}
