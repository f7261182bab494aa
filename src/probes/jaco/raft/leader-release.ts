import { factOf, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { controlEndpoint } from '../control/control-endpoint.ts';
import { type JudgedRelease, runningRelease } from '../journal/running-release.ts';
import { formatWindow, releaseWindow } from '../release/release-window.ts';
import { knownLeader } from './known-leader.ts';
import { leaderListsNoServers, leaderViews, longestLogView } from './leader-views.ts';
import { localNode } from './local-node.ts';
import { peerReleases } from './peer-releases.ts';
import { peerStatuses } from './peer-status.ts';
import { stableStatus } from './stable-status.ts';

/**
 * The release of the leader, which decides how replicas are placed: this daemon's release if it leads, else a window.
 */
export const leaderRelease = derive({
  name: 'jaco.leader-release',
  from: {
    leader: attempt(knownLeader),
    host: attempt(localNode),
    running: runningRelease,
    peers: attempt(peerStatuses),
    settled: attempt(stableStatus),
    endpoint: attempt(controlEndpoint),
    asked: attempt(peerReleases),
  },
  derive({ leader, host, running, peers, settled, endpoint, asked }) {
    const led = factOf(leader);
    const isHere = led !== null && led.hostname !== null && led.hostname === factOf(host)?.hostname;
    if (isHere && running.version.kind !== 'unknown') return value(running);
    const asEndpoint = factOf(endpoint);
    const own = asEndpoint?.kind === 'port' ? asEndpoint.address : '';
    const address = isHere ? own : (led?.grpcAddress ?? '');
    const view = longestLogView(leaderViews(factOf(peers)?.peers ?? []));
    const status = factOf(settled)?.last ?? null;
    const node = factOf(host);
    const heard = factOf(peers)?.peers ?? [];
    const isSilent = status !== null && node !== null && leaderListsNoServers(status, node, heard);
    const listsServers = isSilent
      ? false
      : isHere
        ? (status?.suffrages.length ?? 0) > 0 || null
        : view === null
          ? null
          : true;
    const listsReplicas = factOf(asked)?.listsReplicas[address] ?? null;
    if (listsServers === null && listsReplicas === null)
      return value<JudgedRelease>({ ...NOT_KNOWN, described: 'the release of the leader is not visible from here' });
    const version = releaseWindow({ listsServers, listsReplicas, namesHosts: null });
    return value<JudgedRelease>({
      ...NOT_KNOWN,
      version,
      described: `${formatWindow(version)}, by what the leader answers`,
    });
  },
});

const NOT_KNOWN = {
  version: { kind: 'unknown', text: '' },
  installed: null,
  startedAtMs: null,
  maybeStale: null,
} as const;
