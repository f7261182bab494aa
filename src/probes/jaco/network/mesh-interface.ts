import { failed, type Result, value } from '../../../engine/outcome.ts';
import { runChild } from '../../io/exec.ts';
import { inspectPath } from '../../io/files.ts';
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
  /** Whether the kernel supports WireGuard; null if that is not visible. */
  readonly inKernel: boolean | null;
};

const MAX_BYTES = 64 * 1024;

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
      if (!/does not exist/.test(shown.stderr))
        return failed('unreadable', 'ip link show', shown.stderr || `ip ended with ${shown.code ?? 'a signal'}`);
      return value({
        interface: null,
        peers: null,
        peersUnseen: `interface ${MESH_INTERFACE} does not exist`,
        inKernel,
      });
    }
    const device = parseMeshLink(shown.stdout);
    if (device === null) return failed('unreadable', 'ip link show', `ip did not describe ${MESH_INTERFACE}`);
    const { kind } = device;
    io.phase('wg');
    const peers = kind === 'other' ? 'it is not a WireGuard interface' : await peersOf(signal);
    return value({
      interface: device,
      peers: typeof peers === 'string' ? null : peers,
      peersUnseen: typeof peers === 'string' ? peers : null,
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

/** The peers, or why they could not be read. */
async function peersOf(signal: AbortSignal): Promise<readonly WgPeer[] | string> {
  const asked = await Promise.all(
    (['latest-handshakes', 'transfer', 'allowed-ips'] as const).map((what) =>
      runChild(['wg', 'show', MESH_INTERFACE, what], { signal }),
    ),
  );
  const texts: string[] = [];
  for (const ended of asked) {
    if (ended.kind === 'failed')
      return ended.failure.why === 'missing-tool'
        ? 'wg (package wireguard-tools) is not installed'
        : ended.failure.detail;
    if (ended.code !== 0) return ended.stderr || `wg ended with ${ended.code ?? 'a signal'}`;
    texts.push(ended.stdout);
  }
  const [handshakes = '', transfer = '', allowed = ''] = texts;
  return readPeers(handshakes, transfer, allowed);
}
