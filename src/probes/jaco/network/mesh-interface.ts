import type { NextStep } from '../../../engine/next-step.ts';
import { type FailureWhy, type Result, value } from '../../../engine/outcome.ts';
import { childFailure } from '../../io/child-failure.ts';
import { inspectPath } from '../../io/files.ts';
import { runChild } from '../../io/run-child.ts';
import { daemonNetwork } from '../daemon/daemon-network.ts';
import { probe } from '../jaco-probe.ts';
import { MESH_INTERFACE } from './mesh/mesh-address.ts';
import { readPeers, type WgPeer } from './mesh/wg-show.ts';

/** The mesh on this host. */
export type MeshInterface = {
  /**
   * `wireguard` in the kernel, or in a separate program (`tun`). `other` is an interface of that name that JACO did not
   * create.
   */
  readonly interface: null | { readonly kind: 'wireguard' | 'tun' | 'other'; readonly up: boolean };
  /** Peers and their handshakes; null if they could not be read, with the reason. */
  readonly peers: readonly WgPeer[] | null;
  readonly peersUnseen: string | null;
  /** The class of the failure, if `wg` failed; not in recordings of older versions. */
  readonly peersFailure?: FailureWhy;
  /** Whether the kernel supports WireGuard; null if that is not visible. */
  readonly inKernel: boolean | null;
};

const MAX_BYTES = 64 * 1024;
const SHOW_LINK: NextStep = { kind: 'run', argv: ['ip', '-d', 'link', 'show', 'dev', 'jaco0'] };

/** jaco0 and its peers. Public keys only; `wg show … dump` would print the private one. */
export const meshInterface = probe({
  name: 'jaco.mesh-interface',
  observes: 'host',
  right: 'root (CAP_NET_ADMIN)',
  after: { network: daemonNetwork },
  deadlineMs: 2_500,
  async collect(io, _, signal): Promise<Result<MeshInterface>> {
    io.phase('ip');
    const [shown, module] = await Promise.all([
      runChild(['ip', '-j', '-d', 'link', 'show', 'dev', 'jaco0'], { signal, maxBytes: MAX_BYTES }),
      inspectPath('/sys/module/wireguard'),
    ]);
    if (shown.kind === 'failed') return shown;
    const inKernel = module.kind === 'there' ? true : null;
    if (shown.code !== 0) {
      if (!/does not exist/.test(shown.stderr)) return childFailure('ip link show', shown, SHOW_LINK);
      return value({
        interface: null,
        peers: null,
        peersUnseen: `interface ${MESH_INTERFACE} does not exist`,
        inKernel,
      });
    }
    const device = parseMeshLink(shown.stdout);
    if (device === null) return childFailure('ip link show', shown, SHOW_LINK);
    const { kind } = device;
    io.phase('wg');
    const peers = kind === 'other' ? unseen('it is not a WireGuard interface') : await peersOf(signal);
    return value({
      interface: device,
      ...('peersUnseen' in peers ? peers : { peers, peersUnseen: null }),
      inKernel: kind === 'wireguard' ? true : inKernel,
    });
  },
});

/** Parses `ip -j -d link show` of one interface; null if it describes none. */
export function parseMeshLink(text: string): MeshInterface['interface'] {
  try {
    const [first] = JSON.parse(text) as readonly unknown[];
    const { flags, linkinfo } = Object(first) as { readonly [key: string]: unknown };
    if (!Array.isArray(flags)) return null;
    const { info_kind: linkKind } = Object(linkinfo) as { readonly [key: string]: unknown };
    const kind = linkKind === 'wireguard' || linkKind === 'tun' ? linkKind : 'other';
    return { kind, up: flags.includes('UP') };
  } catch {
    return null;
  }
}

/** Why the peers could not be read. */
type Unseen = Pick<MeshInterface, 'peersFailure'> & { readonly peers: null; readonly peersUnseen: string };

function unseen(peersUnseen: string, why?: FailureWhy): Unseen {
  return { peers: null, peersUnseen, ...(why === undefined ? {} : { peersFailure: why }) };
}

/** The peers, or why they could not be read. */
async function peersOf(signal: AbortSignal): Promise<readonly WgPeer[] | Unseen> {
  const asked = await Promise.all(
    (['latest-handshakes', 'transfer', 'allowed-ips'] as const).map((what) =>
      runChild(['wg', 'show', MESH_INTERFACE, what], { signal }),
    ),
  );
  const texts: string[] = [];
  for (const ended of asked) {
    if (ended.kind === 'failed') return unseen(ended.failure.detail, ended.failure.why);
    if (ended.code !== 0) {
      const { failure } = childFailure('wg show', ended, { kind: 'run', argv: ['wg', 'show', MESH_INTERFACE] });
      return unseen(failure.detail, failure.why);
    }
    texts.push(ended.stdout);
  }
  const [handshakes = '', transfer = '', allowed = ''] = texts;
  return readPeers(handshakes, transfer, allowed);
}
