import { type Result, value } from '../../../engine/outcome.ts';
import { run } from '../../io/exec.ts';
import { inspectPath, readText } from '../../io/files.ts';
import { daemonNetwork } from '../daemon/daemon-network.ts';
import { probe } from '../io.ts';
import { MESH_INTERFACE } from './mesh/slot.ts';
import { readPeers, type WgPeer } from './mesh/wg-show.ts';

/** The mesh as this host has it. */
export type MeshInterface = {
  /** `wireguard` in the kernel or in a program of its own (`tun`); `other` is somebody else's interface of that name. */
  readonly interface: null | { readonly kind: 'wireguard' | 'tun' | 'other'; readonly up: boolean };
  /** Peers and their handshakes; null where they could not be asked for, and then why. */
  readonly peers: readonly WgPeer[] | null;
  readonly peersUnseen: string | null;
  /** Whether the kernel has WireGuard at all; null where that does not show. */
  readonly inKernel: boolean | null;
};

const FOLDER = `/sys/class/net/${MESH_INTERFACE}`;
const UP = 1;

/** jaco0 and its peers. Public keys only; `wg show … dump` would print the private one. */
export const meshInterface = probe({
  name: 'jaco.mesh-interface',
  observes: 'host',
  right: 'root (CAP_NET_ADMIN)',
  after: { network: daemonNetwork },
  deadlineMs: 2_500,
  async collect(io, _, signal): Promise<Result<MeshInterface>> {
    const [flags, event, tun, module] = await Promise.all([
      readText(`${FOLDER}/flags`),
      readText(`${FOLDER}/uevent`),
      inspectPath(`${FOLDER}/tun_flags`),
      inspectPath('/sys/module/wireguard'),
    ]);
    const inKernel = module.kind === 'there' ? true : null;
    if (flags.kind === 'failed' && flags.failure.why === 'absent')
      return value({ interface: null, peers: null, peersUnseen: `there is no ${MESH_INTERFACE}`, inKernel });
    if (flags.kind === 'failed') return flags;
    const wireguard = event.kind === 'text' && /^DEVTYPE=wireguard$/m.test(event.text);
    const kind = wireguard ? 'wireguard' : tun.kind === 'there' ? 'tun' : 'other';
    const up = (Number.parseInt(flags.text, 16) & UP) === UP;
    io.phase('wg');
    const peers = kind === 'other' ? 'it is no WireGuard interface' : await peersOf(signal);
    return value({
      interface: { kind, up },
      peers: typeof peers === 'string' ? null : peers,
      peersUnseen: typeof peers === 'string' ? peers : null,
      inKernel: wireguard ? true : inKernel,
    });
  },
});

/** The peers, or why they could not be asked for. */
async function peersOf(signal: AbortSignal): Promise<readonly WgPeer[] | string> {
  const asked = await Promise.all(
    (['latest-handshakes', 'transfer', 'allowed-ips'] as const).map((what) =>
      run(['wg', 'show', MESH_INTERFACE, what], { signal }),
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
