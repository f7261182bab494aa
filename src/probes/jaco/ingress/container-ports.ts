import { value } from '../../../engine/outcome.ts';
import { containerPid } from '../../docker/container-pid.ts';
import { dockerContainers } from '../../docker/containers.ts';
import { internetSockets } from '../../host/proc-net.ts';
import { readText } from '../../io/files.ts';
import { probe } from '../jaco-probe.ts';
import { upstreamConnects } from './upstream-connects.ts';

/** The TCP sockets that listen in the container of a replica. */
export type ContainerPorts = {
  readonly replica: string;
  readonly sockets: readonly { readonly address: string; readonly port: number }[];
};

const MAX_CONTAINERS = 16;
/** Docker's own resolver listens on this address in each container. */
const DOCKER_RESOLVER = '127.0.0.11';

/** The sockets on which programs listen in local containers, for addresses that refused a connection. */
export const containerPorts = probe({
  name: 'jaco.container-ports',
  after: { connects: upstreamConnects, containers: dockerContainers },
  deadlineMs: 2_500,
  async collect(io, { connects, containers }, signal) {
    const refusing = new Set(
      connects.list.flatMap(({ kind, dial }) => (kind === 'refused' ? [dial.slice(0, dial.lastIndexOf(':'))] : [])),
    );
    const chosen = containers.list
      .filter(({ networks, state }) => state === 'running' && networks.some(({ ip }) => refusing.has(ip)))
      .slice(0, MAX_CONTAINERS);
    if (chosen.length === 0) return value<readonly ContainerPorts[]>([]);
    io.phase('inspect');
    const read = await Promise.all(
      chosen.map(async ({ id, replica }): Promise<readonly ContainerPorts[]> => {
        const pid = await containerPid(io, id, signal);
        if (pid === null) return [];
        const files = await Promise.all(['tcp', 'tcp6'].map((name) => readText(`/proc/${pid}/net/${name}`)));
        if (files[0]?.kind !== 'text') return [];
        const sockets = files
          .flatMap((file) => (file.kind === 'text' ? internetSockets('tcp', file.text) : []))
          .filter(({ address }) => address !== DOCKER_RESOLVER)
          .map(({ address, port }) => ({ address, port }));
        return [{ replica, sockets: sockets.slice(0, 50) }];
      }),
    );
    return value<readonly ContainerPorts[]>(read.flat());
  },
});
