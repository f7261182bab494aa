/** Subsystems whose informational lines show a state. The others log one line for each container and period. */
const SUBSYSTEMS = [
  'jacod',
  'daemon/grpc',
  'raft',
  'raft/membership',
  'fsm',
  'backup',
  'ipam',
  'wgmesh',
  'firewall',
  'dns',
  'ingress',
  'stagefirst',
  'scheduler/rollout',
  'scheduler/health',
];

/** journald's own message that it dropped messages because of its rate limit. */
export const SUPPRESSED = 'a596d6fe7bfa4994828e72309e95d61e';

const UNIT = '_SYSTEMD_UNIT=jaco.service';

/**
 * journalctl's matches: terms joined by `+` are alternatives; within one, different fields must all match, and values
 * of one field are alternatives. The journal's own index evaluates them, so `replica container started`, more than 95 %
 * of a healthy journal, is never read.
 */
export const MATCHES: readonly string[] = [
  [UNIT, ...['0', '1', '2', '3', '4'].map((level) => `PRIORITY=${level}`)],
  [UNIT, ...SUBSYSTEMS.map((name) => `SUBSYSTEM=${name}`)],
  // raft's own logger and the proxy write to stderr, at priority 6 and without a subsystem.
  [UNIT, '_TRANSPORT=stdout'],
  ['_PID=1', 'UNIT=jaco.service', 'UNIT=jaco.socket'],
  [`MESSAGE_ID=${SUPPRESSED}`, 'OBJECT_SYSTEMD_UNIT=jaco.service'],
].flatMap((term, index) => (index === 0 ? term : ['+', ...term]));

/** JACO's fields that are kept in addition to MESSAGE and ERROR. */
export const KEPT_FIELDS = [
  'NODE',
  'VERSION',
  'DATA_DIR',
  'UNIX_SOCKET',
  'SOCKET',
  'BIND',
  'ADVERTISE',
  'ADVERTISE_IP',
  'IFACE',
  'ADDR',
  'ID',
  'LEADER',
  'MEMBERS',
  'VOTERS_BEFORE',
  'VOTERS_TARGET',
  'REASON',
  'METHOD',
  'DEPLOYMENT',
  'SERVICE',
  'NETWORK',
  'HOST',
  'REPLICA_ID',
  'CONTAINER_ID',
  'IMAGE',
  'ATTEMPT',
  'CODE',
  'WAITING_ON',
  'CONDITION',
  'DOMAIN',
  'DOMAINS',
  'NAME',
  'UPSTREAMS',
  'TIMEOUT',
  'WINDOW',
  'RETRY_AFTER',
  'CONSECUTIVE_FAILURES',
  'DRIFT',
  'PROTO',
  'CIDR',
  'PCT',
  'USED',
  'SIZE',
  'ENABLED',
  'SKIP_STAGING',
  'CA',
  'UNIT',
  'JOB_RESULT',
  'EXIT_CODE',
  'EXIT_STATUS',
] as const;

/** All fields to request; journalctl adds the cursor and the times itself. */
export const OUTPUT_FIELDS = [
  'MESSAGE',
  'PRIORITY',
  'SUBSYSTEM',
  'ERROR',
  'SYSLOG_IDENTIFIER',
  '_TRANSPORT',
  '_PID',
  '_SYSTEMD_UNIT',
  '_SYSTEMD_INVOCATION_ID',
  'INVOCATION_ID',
  'MESSAGE_ID',
  'N_DROPPED',
  ...KEPT_FIELDS,
] as const;
