import { value } from '../../engine/outcome.ts';
import { derive } from '../../engine/probe.ts';
import { dockerNetworks, type Network } from '../docker/networks.ts';
import { type Range, rangeOf, rangeText } from '../host/ipv4.ts';
import { deployments } from './deployments.ts';
import { setName } from './isolation/set-name.ts';

/** One network of one deployment as it lies on this host. Time in ms since the epoch. */
export type LocalNetwork = {
  readonly deployment: string;
  /** `_default` for the implicit one. */
  readonly network: string;
  /** Docker's name of it. */
  readonly name: string;
  readonly subnet: Range;
  /** Where JACO's resolver listens, and where containers send what leaves the network: the first address. */
  readonly gateway: string;
  /** The bridge interface. */
  readonly bridge: string;
  /** Its set in JACO's nft table. */
  readonly set: string;
  readonly createdAtMs: number | null;
};

export type LocalNetworks = {
  readonly list: readonly LocalNetwork[];
  /** Networks whose deployment is gone: JACO forgets them, Docker keeps them (live R5). */
  readonly left: readonly { readonly name: string; readonly subnet: Range }[];
};

/** JACO's networks that Docker has here, and for whose deployment there is one. Refuses where the deployments are not known. */
export const localNetworks = derive({
  name: 'jaco.local-networks',
  where: 'node',
  from: { docker: dockerNetworks, deployments },
  derive({ docker, deployments }) {
    const known = new Set(deployments.list.map(({ name }) => name));
    const ours = docker.list.flatMap((network) => {
      const subnet = rangeOf(network.subnets[0] ?? '');
      return network.jaco === null || subnet === null ? [] : [{ network, labels: network.jaco, subnet }];
    });
    return value<LocalNetworks>({
      list: ours
        .filter(({ labels }) => known.has(labels.deployment))
        .map(({ network, labels, subnet }) => localOf(network, labels, subnet)),
      left: ours
        .filter(({ labels }) => !known.has(labels.deployment))
        .map(({ network, subnet }) => ({ name: network.name, subnet })),
    });
  },
});

function localOf(
  { name, bridge, createdAtMs }: Network,
  { deployment, network }: { deployment: string; network: string },
  subnet: Range,
): LocalNetwork {
  const gateway = rangeText([subnet[0] + 1, subnet[0] + 1]);
  return { deployment, network, name, subnet, gateway, bridge, set: setName(deployment, network), createdAtMs };
}
