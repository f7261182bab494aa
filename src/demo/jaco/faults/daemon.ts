import { faultGroup } from '../fault.ts';

/** Faults of the daemon of this host: its configuration, its process, its socket. */
export const daemonFaults = faultGroup('daemon', {
  'config-invalid': {
    title: 'an unknown key in jacod.yaml prevents the start of the daemon',
    expects: 'config_invalid',
    async arrange(cluster) {
      cluster.node(1).breakConfig('listen_adr: 10.0.0.1:7000\n');
      await cluster.node(1).stop();
    },
  },
  'dns-loop': {
    title: 'a forwarder that is a bridge gateway of JACO prevents the start of the daemon',
    expects: 'dns_forwarder_loop',
    async arrange(cluster) {
      cluster.node(1).breakConfig('dns:\n  forwarders: [10.244.3.1]\n');
      await cluster.node(1).stop();
    },
  },
  'config-broken-while-running': {
    title: 'jacod.yaml became invalid after the daemon had started',
    warns: 'config_invalid_on_restart',
    arrange: (cluster) => cluster.node(1).breakConfig('log_level: verbose\n'),
  },
  'daemon-stopped': {
    title: 'the daemon is stopped and its socket does not exist',
    expects: 'daemon_unreachable',
    arrange: (cluster) => cluster.node(1).stop(),
  },
  'stale-socket': {
    title: 'the daemon was killed and its socket file remained',
    expects: 'daemon_unreachable',
    arrange: (cluster) => cluster.node(1).kill(),
  },
  'socket-is-a-file': {
    title: 'a regular file is at the path of the socket',
    expects: 'daemon_unreachable',
    arrange: (cluster) => cluster.node(1).replaceSocketByFile(),
  },
  'silent-daemon': {
    title: 'the daemon is frozen: it accepts connections but does not answer',
    expects: 'daemon_unresponsive',
    arrange: (cluster) => cluster.node(1).freeze(),
  },
  'dripping-daemon': {
    title: 'the socket answers one byte at a time, and never a whole frame',
    expects: 'daemon_unresponsive',
    arrange: (cluster) => cluster.node(1).drip('socket'),
  },
  'wrong-server': {
    title: 'a web server listens at the path of the socket',
    expects: 'not_jaco_grpc',
    arrange: (cluster) => cluster.node(1).garbage('http', 'socket'),
  },
  'noise-on-socket': {
    title: 'the program that listens on the socket speaks an unknown protocol',
    expects: 'not_jaco_grpc',
    arrange: (cluster) => cluster.node(1).garbage('noise', 'socket'),
  },
  'socket-permission': {
    title: 'the socket is closed to its group (mode 0600)',
    expects: 'socket_permission_denied',
    arrange: (cluster) => cluster.node(1).setSocketMode(0o600),
  },
});
