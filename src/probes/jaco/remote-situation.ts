import type { Situation } from '../../engine/situation.ts';
import type { Servers } from './control/servers.ts';
import type { KnownLeader } from './raft/known-leader.ts';

/**
 * The paths of the packages (docs/jaco-daemon/daemon.md#config, docs/jaco-daemon/daemon.md#files), for a host that is
 * not visible.
 */
const USUAL = { config: '/etc/jaco/jacod.yaml', data_dir: '/var/lib/jaco', socket: '/var/run/jaco/jaco.sock' };

/** Header and advice of a run over the network; `servers` is null if none could be tried. */
export function remoteSituation(
  servers: Servers | null,
  leader: KnownLeader | null,
  caPath: string | null,
): Omit<Situation, 'leader' | 'leaderless' | 'needed' | 'releases'> {
  const primary = servers?.lead ?? null;
  const first = primary?.address ?? servers?.servers[0]?.address ?? 'the server';
  return {
    host: primary?.hostname ?? first,
    via: `asked over TCP at ${first}, ${primary === null ? describeSilence(servers) : `certificate ${primary.ca === null ? 'not verified' : 'verified'}`}`,
    asRoot: null,
    version: null,
    values: {
      ...USUAL,
      unit: 'jaco',
      socket_unit: 'jaco.socket',
      hostname: primary?.hostname ?? null,
      leader_grpc: leader?.grpcAddress ?? null,
      leader_name: leader?.hostname ?? null,
      ca_cert: caPath,
    },
    assumed: Object.keys(USUAL),
    holds: [leader === null ? 'no-leader' : 'leader', 'systemd'],
    withhold: 'the host was examined over the network, so its disk was not visible',
    nothingHere: null,
  };
}

function describeSilence(asked: Servers | null): string {
  const withheld = asked?.servers.flatMap(({ answer }) =>
    answer.kind === 'failure' && answer.why === 'withheld' ? [answer.code] : [],
  );
  if (withheld === undefined || withheld.length === 0) return 'which did not answer';
  return withheld.includes('another') ? 'which leads to several daemons' : "which is not this cluster's";
}
