import { setMaxListeners } from 'node:events';
import { releaseData } from '../../../catalog/generated/releases.ts';
import { factOf, notApplicable, value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import { callUnary } from '../../io/grpc/grpc.ts';
import { clusterCa } from '../control/cluster-ca.ts';
import { controlEndpoint } from '../control/control-endpoint.ts';
import { probe } from '../jaco-probe.ts';
import { runningRelease } from '../journal/running-release.ts';
import { compareReleases, parseRelease } from '../release/release.ts';
import type { Version } from '../release/version.ts';
import { livenessOf } from './peer-answer.ts';
import { peerStatuses } from './peer-status.ts';

/** The nodes that have GetReplicas, by operator address. Nodes whose answer does not show it are left out. */
export type PeerReleases = { readonly listsReplicas: { readonly [grpcAddress: string]: boolean } };

const LIMIT_MS = 1_500;

/**
 * Asks the other nodes for GetReplicas without a token. A release that has the method refuses the call, and an earlier
 * one does not know it (docs/jaco-daemon/releases.md#version-window): no call shows more of a peer's release. A node of
 * the newest known release does not ask, so that a run on a healthy cluster makes no further calls.
 */
export const peerReleases = probe({
  name: 'jaco.peer-releases',
  where: 'anywhere',
  after: { running: runningRelease, peers: peerStatuses, endpoint: controlEndpoint, ca: attempt(clusterCa) },
  deadlineMs: LIMIT_MS + 1_500,
  async collect(io, { running, peers: { peers }, endpoint, ca }, signal) {
    if (isNewest(running.version)) return notApplicable('this node runs the newest release that this doctor knows');
    setMaxListeners(0, signal);
    const { DeployService } = await import('../../../wire/jaco.ts');
    const pem = factOf(ca)?.pem ?? null;
    const alive = peers.filter((peer) => livenessOf(peer) === 'answers').map(({ grpcAddress }) => grpcAddress);
    const addresses = new Set([...alive, ...(endpoint.kind === 'port' ? [endpoint.address] : [])]);
    // Should a node answer without a token, the answer is empty.
    const request = { deploymentFilter: '', serviceFilter: '', replicaId: 'none' };
    io.phase('answer');
    const answers = await Promise.all(
      [...addresses].map(async (address): Promise<readonly (readonly [string, boolean])[]> => {
        const trust = pem === null ? ({ kind: 'unverified' } as const) : ({ kind: 'ca', pem } as const);
        const options = { limitMs: LIMIT_MS, connectMs: LIMIT_MS, signal };
        const called = await callUnary({ kind: 'tls', address, trust }, DeployService.getReplicas, request, options);
        if (called.kind === 'response') return [[address, true]];
        const { grpc, detail } = called.failure;
        if (grpc === 16) return [[address, true]];
        return grpc === 12 && detail.startsWith('unknown method ') ? [[address, false]] : [];
      }),
    );
    return value<PeerReleases>({ listsReplicas: Object.fromEntries(answers.flat()) });
  },
});

function isNewest(version: Version): boolean {
  const newest = parseRelease(releaseData.releases[0]?.tag ?? '');
  return newest !== null && 'base' in version && compareReleases(version.base, newest) >= 0;
}
