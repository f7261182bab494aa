import type { Failure } from '../../../src/engine/outcome.ts';
import type { DockerUnit } from '../../../src/probes/docker/unit.ts';
import type { Found } from './found.ts';

/** What it means that Docker did not answer us; null where it means nothing for the daemon, such as our own missing right. */
export function unanswered(failure: Failure, unit: DockerUnit | null): Found | null {
  const cause = causeOf(failure, unit);
  if (cause === null) return null;
  const stopped = unit !== null && unit.service.load === 'loaded' && unit.service.mainPid === null;
  const state = unit === null ? [] : [stateOf(unit)];
  return {
    id: 'docker_error',
    subject: null,
    cause: stopped ? 'not-running' : cause,
    evidence: [failure.detail, ...state],
  };
}

function causeOf({ why, phase }: Failure, unit: DockerUnit | null): string | null {
  switch (why) {
    case 'absent':
      return phase === 'connect' ? 'socket-missing' : null;
    case 'refused':
      return phase === 'connect' ? 'refused' : 'unknown';
    case 'silent':
      return 'silent';
    case 'withheld':
      // The dial is withheld where it would start the engine, which does not run then.
      return unit === null ? null : 'not-running';
    case 'unreadable':
      // A connect that is neither taken nor refused tells of this process: it has no descriptor left, or may make no socket.
      return phase === 'connect' ? null : 'unknown';
    default:
      return null;
  }
}

function stateOf({ service, socket }: DockerUnit): string {
  if (service.load === 'not-found')
    return 'systemd knows no docker.service: Docker is not installed, or not as a package';
  const result = service.result === 'success' || service.result === '' ? '' : `, ${service.result}`;
  return `docker.service is ${service.active} (${service.sub}${result}), docker.socket is ${socket.active || socket.load}`;
}
