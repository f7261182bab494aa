import type { Finding } from '../../../src/engine/finding.ts';
import type { Addresses } from '../../../src/probes/host/addresses.ts';
import type { JacodConfig } from '../../../src/probes/jaco/daemon/jacod-config.ts';
import { type JacodProcess, START_ACCURACY_MS } from '../../../src/probes/jaco/daemon/jacod-process.ts';

/** An IPv4 address literal outside the loopback network, which every host has. */
function isRoutable(host: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(host) && host !== '0.0.0.0' && !host.startsWith('127.');
}

/**
 * A running daemon whose listen address this host has lost since its start (an expired lease, an interface taken down;
 * an unplugged cable removes no address). No client reaches it any more, and it cannot start again. Only IPv4 literals
 * in the file are judged: the daemon resolves a name or 0.0.0.0 itself, and 127.0.0.0/8 is always local.
 */
export function lostAddress(
  config: JacodConfig,
  { addresses }: Addresses,
  process: JacodProcess,
): Finding<'bind_address_unavailable', 'unit'> | null {
  const { settings } = config;
  // A file that is newer than the daemon does not show where the daemon listens.
  if (process.main === null || settings === null || config.problem !== null) return null;
  const startedAtMs = process.main.startedAtMs ?? 0;
  if (config.changedAtMs !== null && config.changedAtMs > startedAtMs + START_ACCURACY_MS) return null;
  const hosts = [settings.listenAddr, settings.clusterAddr].map((address) => address.replace(/:\d+$/, ''));
  const lost = [...new Set(hosts)].filter((host) => isRoutable(host) && !addresses.includes(host));
  const [first] = lost;
  if (first === undefined) return null;
  const here = addresses.filter(isRoutable);
  return {
    id: 'bind_address_unavailable',
    subject: null,
    cause: 'address-gone',
    values: { address: first },
    evidence: [
      `jacod listens on ${lost.join(' and ')}, which is no longer an address of this host`,
      here.length === 0 ? 'this host has only loopback addresses' : `this host has ${here.join(', ')}`,
    ],
  };
}
