import type { Finding } from '../../../src/engine/finding.ts';
import type { Addresses } from '../../../src/probes/host/addresses.ts';
import type { JacodConfig } from '../../../src/probes/jaco/daemon/jacod-config.ts';
import { type JacodProcess, START_ACCURACY_MS } from '../../../src/probes/jaco/daemon/jacod-process.ts';

/** An IPv4 address as it stands, and not one of the loopback, which is always here. */
function isRoutable(host: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(host) && host !== '0.0.0.0' && !host.startsWith('127.');
}

/**
 * A daemon that runs on an address which this host has lost since (a lease, an interface taken down; not a cable that is out, which takes no address away): nobody hears it any
 * more, and it will not start again. Only IPv4 literals that the file names are judged: a name or 0.0.0.0 is the daemon's to
 * resolve, and all of 127.0.0.0/8 is always here.
 */
export function lostAddress(
  config: JacodConfig,
  { addresses }: Addresses,
  process: JacodProcess,
): Finding<'bind_address_unavailable', 'unit'> | null {
  const { settings } = config;
  // A file newer than the daemon says nothing of where it listens.
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
