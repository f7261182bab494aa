import type { Cause, Finding } from '../../../src/engine/finding.ts';
import { covers, ipv4 } from '../../../src/probes/host/ipv4.ts';
import type { MeshLines } from '../../../src/probes/jaco/journal/mesh-lines.ts';
import type { Crossing } from '../../../src/probes/jaco/network/cross-node.ts';
import { MESH_INTERFACE } from '../../../src/probes/jaco/network/mesh/slot.ts';
import type { MeshInterface } from '../../../src/probes/jaco/network/mesh-interface.ts';
import type { QuietPeer } from './state.ts';

type CheckFinding = Finding<'mesh_unavailable_spanning', never>;

/** Nodes to which packets were sent and from which nothing came back, each once; `lost` are the ways there. */
export function lostTraffic(
  lost: readonly Crossing[],
  mesh: MeshInterface,
  quiet: readonly QuietPeer[],
  failure: MeshLines['failure'],
  here: string,
): readonly CheckFinding[] {
  const hosts = [...new Set(lost.map(({ host }) => host))];
  return hosts.map((host) => {
    const crossings = lost.filter((one) => one.host === host);
    const [first] = crossings;
    const peer = quiet.find(({ hostname }) => hostname === host);
    return {
      id: 'mesh_unavailable_spanning',
      subject: host,
      evidence: [
        ...crossings.slice(0, 3).map(describeCrossing),
        ...(mesh.interface === null ? [`there is no interface ${MESH_INTERFACE}`] : []),
        ...(first?.via === MESH_INTERFACE
          ? []
          : [`packets there leave by ${first?.via ?? 'no route'}, not by ${MESH_INTERFACE}`]),
        ...(peer === undefined ? [] : [peer.evidence]),
        ...(failure === null ? [] : [`the daemon: ${failure.text}`]),
      ],
      cause: lostTrafficCause(mesh, peer, failure, crossings),
      values: { first: here, second: host },
    };
  });
}

function describeCrossing({ deployment, service, ip, gateway, gatewaySaid, connect }: Crossing): string {
  const answer = gatewaySaid.kind === 'failure' ? (gatewaySaid.code ?? 'no answer') : 'an answer';
  const connectLine =
    connect === null ? '' : `, and a connect to it: ${connect.kind === 'error' ? connect.code : 'no answer'}`;
  return `${service} of ${deployment} at ${ip}: its gateway ${gateway} gave ${answer} within ${(gatewaySaid.ms / 1000).toFixed(1)} s${connectLine}`;
}

function lostTrafficCause(
  mesh: MeshInterface,
  peer: QuietPeer | undefined,
  failure: MeshLines['failure'],
  crossings: readonly Crossing[],
): Cause<'mesh_unavailable_spanning'> {
  if (mesh.interface === null) return failure?.noModule === true ? 'no-kernel-module' : 'no-interface';
  if (!mesh.interface.up) return 'interface-down';
  if (peer !== undefined) return 'no-handshake';
  const unknown = crossings.some(({ ip }) => {
    const address = ipv4(ip) ?? 0;
    return mesh.peers !== null && !mesh.peers.some(({ allowed }) => covers(allowed, [address, address]));
  });
  return unknown ? 'no-peer' : 'unknown';
}
