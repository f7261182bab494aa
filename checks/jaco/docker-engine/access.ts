import type { DockerAccess } from '../../../src/probes/docker/access.ts';
import { moment } from '../../../src/probes/jaco/moment.ts';
import type { RuntimeLines } from '../../../src/probes/jaco/runtime-lines.ts';
import { type Found, LATELY_MS } from './found.ts';

/** Whether the daemon itself is kept out of Docker's socket, by owner and mode or by its own word. */
export function closedToDaemon(access: DockerAccess | null, lines: RuntimeLines | null, now: number): Found | null {
  const refused = lines?.dockerRefused ?? null;
  const said =
    refused !== null && /permission denied/i.test(refused.text) && now - refused.atMs < LATELY_MS
      ? [`jacod said at ${moment(refused.atMs)}: ${refused.text}`]
      : [];
  if (access?.allowed !== false && said.length === 0) return null;
  const listed =
    access === null
      ? []
      : [
          `/var/run/docker.sock is ${access.owner}:${access.group}, mode ${access.mode.toString(8).padStart(4, '0')}; jacod runs as ${access.daemonUser}${access.allowed ? '' : ', who may not enter it'}`,
        ];
  if (access?.groupsNotTakenUp)
    return {
      id: 'docker_error',
      subject: null,
      cause: 'groups-not-taken-up',
      evidence: [
        ...listed,
        `${access.daemonUser} is in group ${access.group}, and the running daemon was started before it was`,
        ...said,
      ],
    };
  return { id: 'docker_error', subject: null, cause: 'permission', evidence: [...listed, ...said] };
}
