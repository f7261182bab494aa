import { type Fault, group } from './fault.ts';
import { daemonFaults } from './faults-daemon.ts';
import { raftFaults } from './faults-raft.ts';

export type { Fault } from './fault.ts';

const none = group('none', {
  healthy: { title: 'three members, demo-1 leads', arrange() {} },
  'healthy-even': { title: 'four members: one has no vote, as it should be', nodes: 4, arrange() {} },
  'no-heartbeat': {
    title: 'a member that never sent a heartbeat, as without cgroup v2',
    arrange: (cluster) => cluster.muteHeartbeat(3),
  },
});

const access = group('access', {
  'certificate-of-another-cluster': {
    title: 'the port serves the certificate of another cluster',
    expects: 'tls_untrusted',
    arrange: (cluster) => cluster.node(1).present('stranger'),
  },
  'address-not-in-certificate': {
    title: "the node's address is not the one in its certificate",
    expects: 'tls_name_mismatch',
    arrange: (cluster) => cluster.node(1).present('moved'),
  },
  'locked-out': {
    title: 'every operator token is revoked',
    warns: 'operator_locked_out',
    arrange(cluster) {
      for (const token of cluster.content.tokens) token.revokedAt = Date.now() - 60_000;
    },
  },
  'certificate-lost': {
    title: 'the node certificate is gone and the daemon serves its bootstrap one',
    expects: 'tls_bootstrap_certificate',
    arrange: (cluster) => cluster.node(1).loseCertificate(),
  },
});

/** All faults by name; `healthy` first. */
export const faults: ReadonlyMap<string, Fault> = new Map(
  [...none, ...daemonFaults, ...raftFaults, ...access].map((fault) => [fault.name, fault]),
);
