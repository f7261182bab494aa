import type { Finding } from '../../../src/engine/finding.ts';
import { formatTime } from '../../../src/engine/format.ts';
import { dockerError } from '../../../src/probes/docker/docker-error.ts';
import type { RuntimeLines } from '../../../src/probes/jaco/journal/runtime-lines.ts';
import type { DockerAccess } from '../../../src/probes/jaco/runtime/docker-access.ts';
import { RETRY_LOG_MS } from '../../../src/probes/jaco/timing.ts';

type DockerFinding = Finding<'docker_error', never>;

/** Whether jacod has no access to Docker's socket, by owner and mode or by jacod's log. */
export function closedToDaemon(
  access: DockerAccess | null,
  lines: RuntimeLines | null,
  now: number,
): DockerFinding | null {
  const refused = lines?.dockerRefused ?? null;
  const logged =
    refused !== null && dockerError(refused.text).kind === 'permission-denied' && now - refused.atMs < RETRY_LOG_MS
      ? [`jacod logged at ${formatTime(refused.atMs)}: ${refused.text}`]
      : [];
  if (access?.allowed !== false && logged.length === 0) return null;
  const listed =
    access === null
      ? []
      : [
          `/var/run/docker.sock is ${access.owner}:${access.group}, mode ${access.mode.toString(8).padStart(4, '0')}; jacod runs as ${access.daemonUser}${access.allowed ? '' : ', which may not use it'}`,
        ];
  if (access?.groupsNotTakenUp)
    return {
      id: 'docker_error',
      subject: null,
      cause: 'groups-not-taken-up',
      values: { daemon_user: access.daemonUser },
      evidence: [
        ...listed,
        `${access.daemonUser} is in group ${access.group}, but was added after the daemon was started`,
        ...logged,
      ],
    };
  // Without a separate group with write access, no membership helps: Docker from snap gives its socket to root only.
  const forGroup = access === null || (access.group !== 'root' && (access.mode & 0o060) === 0o060);
  return {
    id: 'docker_error',
    subject: null,
    cause: forGroup ? 'permission' : 'socket-mode',
    evidence: [...listed, ...logged],
    values: {
      socket_group: forGroup ? (access?.group ?? 'docker') : 'docker',
      daemon_user: access?.daemonUser ?? 'jaco',
    },
  };
}
