import { factOf, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { type JudgedRelease, runningRelease } from '../journal/running-release.ts';
import type { Release } from '../release/release.ts';
import { knownLeader } from './known-leader.ts';
import { leaderViews, longestLogView } from './leader-views.ts';
import { localNode } from './local-node.ts';
import { peerStatuses } from './peer-status.ts';

/** The first release whose leader lists raft servers (docs/jaco-daemon/releases.md#version-window). */
const LISTS_SERVERS: Release = [0, 2, 1];

/** The release of the leader, which decides how replicas are placed: that of this daemon if it leads, else a window. */
export const leaderRelease = derive({
  name: 'jaco.leader-release',
  from: {
    leader: attempt(knownLeader),
    host: attempt(localNode),
    running: runningRelease,
    peers: attempt(peerStatuses),
  },
  derive({ leader, host, running, peers }) {
    const led = factOf(leader);
    if (led !== null && led.hostname !== null && led.hostname === factOf(host)?.hostname) return value(running);
    const view = longestLogView(leaderViews(factOf(peers)?.peers ?? []));
    return value<JudgedRelease>(
      view === null
        ? { ...NOT_KNOWN, described: 'the release of the leader is not visible from here' }
        : {
            ...NOT_KNOWN,
            version: { kind: 'window', oldest: LISTS_SERVERS, newest: null },
            described: `v0.2.1 or later, because the leader ${view.name} lists raft servers`,
          },
    );
  },
});

const NOT_KNOWN = {
  version: { kind: 'unknown', text: '' },
  installed: null,
  startedAtMs: null,
  maybeStale: null,
} as const;
