import type { Cause, Finding } from '../../../src/engine/finding.ts';
import { waitNote } from '../../../src/engine/wait-note.ts';
import type { Member } from '../../../src/probes/jaco/control/status-fact.ts';
import type { MeshLines } from '../../../src/probes/jaco/journal/mesh-lines.ts';
import type { MeshInterface } from '../../../src/probes/jaco/network/mesh-interface.ts';
import { MESH_HANDSHAKE_MS, MESH_JOIN_MS } from '../../../src/probes/jaco/timing.ts';

/** A peer that is running but had no handshake for a long time. */
export type QuietPeer = { readonly hostname: string; readonly evidence: string };

export function quietPeers(
  { peers }: MeshInterface,
  nodes: readonly Member[],
  alive: readonly string[],
  now: number,
): readonly QuietPeer[] {
  return (peers ?? []).flatMap(({ key, handshakeAtMs, sent, received }): readonly QuietPeer[] => {
    const node = nodes.find(({ wireguardPubkey }) => wireguardPubkey === key);
    // A dead node makes no handshakes, and node-liveness reports it.
    if (node === undefined || !alive.includes(node.hostname)) return [];
    if (handshakeAtMs !== null && now - handshakeAtMs < MESH_HANDSHAKE_MS) return [];
    if (handshakeAtMs === null && node.joinedAtMs !== null && now - node.joinedAtMs < MESH_JOIN_MS) return [];
    const since = handshakeAtMs === null ? 'never' : `${Math.round((now - handshakeAtMs) / 1000)} s ago`;
    return [
      {
        hostname: node.hostname,
        evidence: `last handshake with ${node.hostname}: ${since}; ${sent} bytes sent, ${received} received`,
      },
    ];
  });
}

type MeshVerdict = {
  readonly findings: readonly Finding<'mesh_unavailable', never>[];
  readonly notes: readonly string[];
};

/** The fault of the mesh if no traffic is seen to be lost: a warning or less. */
export function noMesh(
  { interface: device, inKernel }: MeshInterface,
  quiet: readonly QuietPeer[],
  failure: MeshLines['failure'],
  passes: boolean,
  young: boolean,
): MeshVerdict {
  const logged = failure === null ? [] : [`jacod logged: ${failure.text}`];
  const cause = failure?.noModule === true && inKernel !== true ? 'no-kernel-module' : 'unknown';
  const warn = (subject: string | null, evidence: readonly string[], of: Cause<'mesh_unavailable'>): MeshVerdict => {
    return { findings: [{ id: 'mesh_unavailable', subject, ...meshText(of), evidence, cause: of }], notes: [] };
  };
  if (device === null) {
    if (passes) return note('jaco0 does not exist, but traffic to other nodes passes through other routes');
    return young && failure === null
      ? note(waitNote('jaco0 does not exist yet: the daemon was started less than 1 min ago'))
      : warn(null, ['interface jaco0 does not exist', ...logged], cause);
  }
  if (device.kind === 'other' && passes)
    return note(
      'jaco0 is not a WireGuard interface, but traffic to other nodes passes through it: JACO does not encrypt it',
    );
  if (device.kind === 'other')
    return warn(null, ['jaco0 is not a WireGuard interface: another program created it', ...logged], 'not-wireguard');
  if (!device.up) return warn(null, ['jaco0 is down', ...logged], 'interface-down');
  const [first] = quiet;
  if (first === undefined || passes) return { findings: [], notes: [] };
  if (young)
    return note(
      `no handshake yet with ${quiet.map(({ hostname }) => hostname).join(', ')}: the daemon was started less than 1 min ago`,
    );
  return {
    findings: quiet.map(({ hostname, evidence: said }) => ({
      id: 'mesh_unavailable',
      subject: hostname,
      evidence: [said],
      cause: 'no-handshake',
    })),
    notes: [],
  };
}

function meshText(cause: Cause<'mesh_unavailable'>): { readonly meaning?: string } {
  switch (cause) {
    case 'not-wireguard':
      return {
        meaning: 'Another program created the interface jaco0, so jacod cannot create its WireGuard interface.',
      };
    case 'interface-down':
      return { meaning: 'The WireGuard interface jaco0 is down.' };
    case 'no-kernel-module':
      return { meaning: 'The kernel has no WireGuard, so jacod cannot create the interface jaco0.' };
    default:
      return {};
  }
}

function note(text: string): MeshVerdict {
  return { findings: [], notes: [text] };
}
