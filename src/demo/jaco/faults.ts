import { type Fault, faultGroup } from './fault.ts';
import { accessFaults } from './faults/access.ts';
import { certificateFaults, healthyCertificates } from './faults/certificates.ts';
import { containerFaults } from './faults/containers.ts';
import { daemonFaults } from './faults/daemon.ts';
import { deploymentFaults } from './faults/deployments.ts';
import { engineFaults } from './faults/engine.ts';
import { healthyStates } from './faults/healthy.ts';
import { ingressFaults } from './faults/ingress.ts';
import { knownIssues } from './faults/known-issues.ts';
import { networkFaults } from './faults/networks.ts';
import { oldReleases } from './faults/old-releases.ts';
import { raftFaults } from './faults/raft.ts';

export type { Fault } from './fault.ts';

const healthy = faultGroup('none', {
  healthy: { title: 'three members, demo-1 is the leader', arrange() {} },
  'healthy-even': { title: 'four members, one of them without a vote, which is expected', nodes: 4, arrange() {} },
  'no-heartbeat': {
    title: 'a member that never sent a heartbeat, as without cgroup v2',
    arrange: (cluster) => cluster.neverSendHeartbeat(3),
  },
});

/** All faults by name; `healthy` first. */
export const faults: ReadonlyMap<string, Fault> = new Map(
  [
    ...healthy,
    ...healthyStates,
    ...healthyCertificates,
    ...daemonFaults,
    ...raftFaults,
    ...accessFaults,
    ...knownIssues,
    ...engineFaults,
    ...containerFaults,
    ...deploymentFaults,
    ...networkFaults,
    ...ingressFaults,
    ...certificateFaults,
    ...oldReleases,
  ].map((fault) => [fault.name, fault]),
);
