import type { Cause, Finding } from '../../../src/engine/finding.ts';
import { formatDuration } from '../../../src/engine/format.ts';
import type { Failure } from '../../../src/engine/outcome.ts';
import type { DockerUnit } from '../../../src/probes/docker/unit.ts';

type DockerFinding = Finding<'docker_error', never>;

/**
 * An engine with many containers needs time to answer after a boot. For this long, in ms, it is not reported as frozen.
 */
const DOCKER_START_MS = 120_000;

/** A sentence that Docker is still starting; null if it is not, or has been starting for too long. */
export function startingReason(unit: DockerUnit | null, now: number): string | null {
  const { active, mainPid, startedAtMs } = unit?.service ?? { active: '', mainPid: null, startedAtMs: null };
  if (active !== 'activating' || mainPid === null || startedAtMs === null) return null;
  const since = Math.max(0, now - startedAtMs);
  return since < DOCKER_START_MS
    ? `Docker has been starting for ${formatDuration(since)}; it answers when its start is complete`
    : null;
}

/**
 * The finding for a Docker that did not answer; null if that says nothing about the daemon, for example because the
 * doctor lacks a right.
 */
export function unansweredFinding(failure: Failure, unit: DockerUnit | null): DockerFinding | null {
  const cause = engineSilenceCause(failure, unit);
  if (cause === null) return null;
  const state = unit === null ? [] : [describeDockerUnit(unit)];
  return {
    id: 'docker_error',
    subject: null,
    cause: ofUnit(unit) ?? cause,
    evidence: [failure.detail, ...state],
  };
}

/** The cause that systemd's state alone shows; null if it shows none. */
function ofUnit(unit: DockerUnit | null): Cause<'docker_error'> | null {
  if (unit === null || unit.service.mainPid !== null) return null;
  const { load } = unit.service;
  return load === 'loaded' ? 'not-running' : load === 'masked' ? 'masked' : load === 'not-found' ? 'no-unit' : null;
}

function engineSilenceCause({ why, phase }: Failure, unit: DockerUnit | null): Cause<'docker_error'> | null {
  switch (why) {
    case 'absent':
      return phase === 'connect' ? 'socket-missing' : null;
    case 'refused':
      return phase === 'connect' ? 'refused' : 'unknown';
    case 'silent':
      return 'silent';
    case 'withheld':
      // The probe withholds the connection if it would start the engine, which is then not running.
      return unit === null ? null : 'not-running';
    case 'unreadable':
      // A connect that is neither accepted nor refused is a limit of this process: no free descriptor, or no permission
      // to create a socket.
      return phase === 'connect' ? null : 'unknown';
    default:
      return null;
  }
}

function describeDockerUnit({ service, socket }: DockerUnit): string {
  if (service.load === 'not-found')
    return 'systemd has no unit docker.service: Docker is not installed, or not as a package';
  const result = service.result === 'success' || service.result === '' ? '' : `, ${service.result}`;
  const masked = service.load === 'masked' ? 'masked, ' : '';
  return `docker.service is ${masked}${service.active} (${service.sub}${result}), docker.socket is ${socket.active || socket.load}`;
}
