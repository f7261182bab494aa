import { factOf, type Outcome, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { controlEndpoint } from '../control/control-endpoint.ts';
import { runningRelease } from '../journal/running-release.ts';
import { localNode } from '../raft/local-node.ts';
import type { Peer } from '../raft/peer-answer.ts';
import { type PeerReleases, peerReleases } from '../raft/peer-releases.ts';
import { peerStatuses } from '../raft/peer-status.ts';
import { type StableStatus, stableStatus } from '../raft/stable-status.ts';
import { formatWindow, type ReleaseFeatures, releaseWindow } from '../release/release-window.ts';
import type { Version } from '../release/version.ts';
import { deployments } from './deployments.ts';
import { NO_DETAILS, type ReplicaDetails, replicaDetails } from './replica-details.ts';

/** What is known about a member's release: the version of this node's daemon, or a window, which is never a version. */
export type NodeRelease = {
  readonly hostname: string;
  readonly leads: boolean;
  readonly version: Version;
  readonly described: string;
};

export type NodeReleases = { readonly list: readonly NodeRelease[] };

/** Most members that are listed. */
const MAX_NODES = 64;

/** The release of each member, as far as it is visible from here. */
export const nodeReleases = derive({
  name: 'jaco.node-releases',
  from: {
    settled: stableStatus,
    running: runningRelease,
    host: localNode,
    endpoint: controlEndpoint,
    details: attempt(replicaDetails),
    stored: attempt(deployments),
    peers: attempt(peerStatuses),
    asked: attempt(peerReleases),
  },
  derive({ settled, running, host, endpoint, details, stored, peers, asked }) {
    const { nodes, leader } = settled.last;
    const own: ReleaseFeatures = {
      listsServers: listsServers(settled, host.raftAddress),
      listsReplicas: answersDetails(details) ?? askedOf(asked, endpoint.kind === 'port' ? endpoint.address : null),
      namesHosts: factOf(stored)?.namesHosts ?? null,
    };
    return value<NodeReleases>({
      list: nodes.slice(0, MAX_NODES).map(({ hostname, address }): NodeRelease => {
        const leads = address === leader;
        if (hostname === host.hostname) {
          if (running.version.kind !== 'unknown')
            return { hostname, leads, version: running.version, described: running.described };
          return { hostname, leads, ...seenAs(own) };
        }
        const peer = (factOf(peers)?.peers ?? []).find((one) => one.hostname === hostname) ?? null;
        return { hostname, leads, ...seenAs(featuresOf(peer, asked)) };
      }),
    });
  },
});

function seenAs(features: ReleaseFeatures): Pick<NodeRelease, 'version' | 'described'> {
  const window = releaseWindow(features);
  return { version: window, described: formatWindow(window) };
}

/** Only a leader lists raft servers. */
function listsServers({ last: { leader, suffrages } }: StableStatus, raftAddress: string | null): boolean | null {
  return leader !== '' && leader === raftAddress ? suffrages.length > 0 : null;
}

function answersDetails(details: Outcome<ReplicaDetails>): boolean | null {
  // A release whose Deploy.Status shows enough was not asked.
  if (details.kind === 'value') return details.value.of?.length === 0 ? null : true;
  return details.kind === 'not-applicable' && details.reason === NO_DETAILS ? false : null;
}

function askedOf(asked: Outcome<PeerReleases>, address: string | null): boolean | null {
  return (address === null ? undefined : factOf(asked)?.listsReplicas[address]) ?? null;
}

function featuresOf(peer: Peer | null, asked: Outcome<PeerReleases>): ReleaseFeatures {
  const view = peer?.answer.kind === 'status' ? peer.answer.view : null;
  const isLeader = view !== null && view.leader !== '' && view.leader === peer?.raftAddress;
  return {
    listsServers: isLeader ? view.suffrages.length > 0 : null,
    listsReplicas: askedOf(asked, peer?.grpcAddress ?? null),
    namesHosts: null,
  };
}
