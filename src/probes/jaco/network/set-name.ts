import { createHash } from 'node:crypto';

/** The set of all networks. The drop at the end is for traffic from one of them to another. */
export const POOL_SET = 'jaco_pool';

/** nftables' limit for a name. */
const MAX_SET_NAME = 63;

/** The name of the implicit network of a deployment in JACO's rules; compose calls it `default`. */
export function networkName(network: string): string {
  return network === '' || network === 'default' ? '_default' : network;
}

/**
 * The nft set of one network of one deployment (docs/jaco-daemon/isolation.md#ruleset). Two pairs may map to one name:
 * `a-b` and `a_b`, or `shop` with network `blog_front` and `shop-blog` with network `front`.
 */
export function setName(deployment: string, network: string): string {
  const name = networkName(network);
  const full = `dep_net_${sanitized(deployment)}_${sanitized(name)}`;
  if (full.length <= MAX_SET_NAME) return full;
  const sum = createHash('sha1').update(`${deployment}/${name}`).digest('hex');
  return `${full.slice(0, 16)}_${sum.slice(0, 8)}`;
}

/** Whether a set of that name may belong to any network of this deployment. */
export function maySetBelongTo(name: string, deployment: string): boolean {
  const prefix = `dep_net_${sanitized(deployment)}_`;
  // A name that is too long is replaced by its first sixteen characters and a hash.
  return name.startsWith(prefix) || (/^.{16}_[0-9a-f]{8}$/.test(name) && prefix.startsWith(name.slice(0, 16)));
}

function sanitized(text: string): string {
  return text.replace(/[^a-zA-Z0-9_]/gu, '_');
}
