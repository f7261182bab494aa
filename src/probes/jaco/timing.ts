/**
 * Times of JACO's daemon, in ms, each with its source. Deadlines and pauses of this program are in their probes, and
 * limits that a check chooses are in the check.
 */

/**
 * The daemon compares and repairs replicas, networks, rules and routes this often
 * (docs/jaco-daemon/isolation.md#firewall-loop, docs/jaco-daemon/runtime.md#replica-timers).
 */
export const RECONCILE_MS = 30_000;
/** The longest interval seen was 30.3 s (docs/jaco-daemon/isolation.md#self-healing); this is generous. */
export const RECONCILE_SLACK_MS = 3_000;
/**
 * The effect of the next reconcile is overdue after an interval and a half
 * (docs/jaco-daemon/runtime.md#replica-timers).
 */
export const RECONCILE_OVERDUE_MS = 45_000;
/**
 * A lasting fault is logged at every reconcile. A line that is older than three of them belongs to a fault that is
 * over.
 */
export const RETRY_LOG_MS = 95_000;

/**
 * Whether a time is so recent that the reconcile after it may not be over yet. Both in ms since the epoch; null is not
 * recent.
 */
export function isWithinReconcile(atMs: number | null, now: number): boolean {
  return atMs !== null && now - atMs < RECONCILE_MS + RECONCILE_SLACK_MS;
}

/**
 * The daemon creates its socket within tenths of a second of its start (docs/jaco-daemon/timings.md); this is generous.
 */
export const SOCKET_CREATION_MS = 5_000;
/** A start that takes longer makes no progress: a healthy one is ready within seconds (docs/jaco-daemon/timings.md). */
export const DAEMON_START_MS = 20_000;

/** The default of node_status_interval, by which a member writes its heartbeat (docs/jaco-daemon/daemon.md#config). */
export const NODE_STATUS_MS = 30_000;
/** The longest that node_status_interval can be set to (docs/jaco-daemon/daemon.md#config). */
export const MAX_NODE_STATUS_MS = 300_000;
/** The default of forwarder_timeout (docs/jaco-daemon/daemon.md#config). */
export const FORWARDER_TIMEOUT_MS = 2_000;

/**
 * A candidate asks for votes again every 1 to 2 s, so older lines belong to an earlier election
 * (docs/jaco-daemon/raft.md#parameters).
 */
export const CANDIDACY_MS = 60_000;
/**
 * A leader retries a follower that was away after up to 10.24 s, which is raft's own back-off. Only then does it send
 * entries.
 */
export const FOLLOWER_FEED_MS = 15_000;
/**
 * A leader changes one voter every 3 s, of servers it has known for 3 s (docs/jaco-daemon/raft.md#voters); the longest
 * seen is below this.
 */
export const VOTER_CHANGE_MS = 10_000;
/**
 * A first node publishes its operator address within half a second of init (docs/jaco-daemon/raft.md#grpc-address);
 * this is generous.
 */
export const ADDRESS_PUBLICATION_MS = 10_000;
/**
 * A full disk makes raft log an error several times a second; a follower, at every retry of its leader (raft's
 * back-off).
 */
export const FULL_DISK_LOG_MS = 15_000;

/**
 * The daemon inspects a running replica, and writes its health, this often
 * (docs/jaco-daemon/runtime.md#replica-timers).
 */
export const HEALTH_REPORT_MS = 5_000;
/**
 * The daemon's DNS and ingress ignore a replica whose health report is older than this
 * (docs/jaco-daemon/network.md#names, docs/jaco-daemon/runtime.md#replica-states).
 */
export const HEALTH_FRESH_MS = 10_000;
/**
 * A replica has a container within this time of its placement: stops run one after the other and delay it
 * (docs/jaco-daemon/runtime.md#stops).
 */
export const REPLICA_START_MS = 60_000;
/**
 * The container of the previous revision may stay this long while its successor is created
 * (docs/jaco-daemon/runtime.md#stops).
 */
export const REPLICA_SUCCESSION_MS = 90_000;
/**
 * The scheduler rolls back at the first reconcile after 60 s, so a rollback loop repeats within this time
 * (docs/jaco-daemon/runtime.md#rollouts).
 */
export const ROLLBACK_LOOP_MS = 90_000;
/** The leader logs eleven times a second that a deployment is blocked (docs/jaco-daemon/raft.md#raft-growth). */
export const BLOCKED_LOG_MS = 5_000;

/**
 * The daemon retries a DNS listener every 5 s at the latest (docs/jaco-daemon/network.md#dns-listeners); this is a
 * retry and 3 s.
 */
export const DNS_LISTENER_RETRY_MS = 8_000;
/**
 * The mesh is configured at the daemon's start, and its peers have handshakes within seconds
 * (docs/jaco-daemon/network.md#mesh).
 */
export const MESH_START_MS = 60_000;
/**
 * After a member has joined, both sides learn of each other and configure their ends within this time
 * (docs/jaco-daemon/network.md#mesh).
 */
export const MESH_JOIN_MS = 60_000;
/**
 * WireGuard sends a keepalive every 25 s and makes a handshake every two minutes (docs/jaco-daemon/network.md#mesh);
 * after this it has failed.
 */
export const MESH_HANDSHAKE_MS = 185_000;

/**
 * The daemon writes the proxy's configuration 200 ms after an apply, and again with the first health report of a new
 * replica (docs/jaco-daemon/ingress.md#routing); this is generous.
 */
export const INGRESS_RELOAD_MS = 10_000;
/**
 * After a refused configuration, the daemon tries again at each health report of a replica, so within 5 s if one is
 * running (docs/jaco-daemon/ingress.md#port-conflicts); this is two reports.
 */
export const INGRESS_RETRY_MS = 2 * HEALTH_REPORT_MS;

/**
 * A certificate arrives 1 to 2 s after the route with a fast authority; the proxy repeats a failed order after 60 s
 * (docs/jaco-daemon/ingress.md#acme-errors). This is both, and a slow authority.
 */
export const CERTIFICATE_ISSUE_MS = 120_000;
/**
 * Stage-first waits 5 min for the production certificate, and looks every 5 s
 * (docs/jaco-daemon/ingress.md#stage-first).
 */
export const PRODUCTION_WINDOW_MS = 310_000;
/**
 * The proxy renews a certificate when a third of its lifetime is left (docs/jaco-daemon/ingress.md#renewal); these are
 * the shares of a lifetime after which renewal is due, and after which it is overdue.
 */
export const RENEWAL_DUE_SHARE = 2 / 3;
export const RENEWAL_OVERDUE_SHARE = 0.7;
