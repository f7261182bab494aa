import { realpath } from 'node:fs/promises';
import { failed, type Result, value } from '../../engine/outcome.ts';
import { listeners } from '../host/listeners.ts';
import { probe } from '../io/io.ts';
import { bootTimeMs, readProcessStat, startedAtMs } from '../io/processes.ts';
import { DOCKER_SOCKET } from './docker-api.ts';

/** The process that listens on the Docker socket. Time in ms since the epoch. */
export type DockerProcess = { readonly pid: number; readonly program: string; readonly startedAtMs: number | null };

/** The process of the engine. When it restarts, its containers stop too. */
export const dockerProcess = probe({
  name: 'docker.process',
  observes: 'host',
  right: 'root',
  after: { listeners },
  deadlineMs: 1_500,
  async collect(_io, { listeners: { unix, holdersVisible } }): Promise<Result<DockerProcess>> {
    const path = await realpath(DOCKER_SOCKET).catch(() => null);
    if (path === null) return failed('absent', 'socket', `${DOCKER_SOCKET} does not exist`);
    // systemd keeps a copy of a socket that it passes on: the engine is the later holder.
    const holder = unix.findLast((one) => one.path === path || one.path === DOCKER_SOCKET)?.holders.at(-1);
    const stat = holder === undefined ? null : await readProcessStat(holder.pid);
    if (holder === undefined || stat === null)
      return holdersVisible
        ? failed('absent', 'process', `nothing is listening on ${path}`)
        : failed('denied', 'process', `only root can see which program is listening on ${path}`);
    return value({ ...holder, startedAtMs: startedAtMs(stat, await bootTimeMs()) });
  },
});
