import { networkInterfaces } from 'node:os';
import { notApplicable, type Result, value } from '../../engine/outcome.ts';
import { probe, STAND_IN } from '../io/io.ts';

/** The addresses of this host's interfaces that are up, IPv4 and IPv6, sorted. */
export type Addresses = { readonly addresses: readonly string[] };

/** Which addresses this host has. */
export const hostAddresses = probe<Addresses>({
  name: 'host.addresses',
  deadlineMs: 500,
  async collect({ settings }): Promise<Result<Addresses>> {
    if (settings.standIn !== null) return notApplicable(STAND_IN);
    const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    return value({ addresses: [...new Set(all.map(({ address }) => address))].sort() });
  },
});
