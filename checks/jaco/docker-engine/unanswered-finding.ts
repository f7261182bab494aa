import type { Cause, Finding } from '../../../src/engine/finding.ts';
import { formatDuration } from '../../../src/engine/format.ts';
import type { Failure } from '../../../src/engine/outcome.ts';
import type { DockerUnit } from '../../../src/probes/docker/unit.ts';

type DockerFinding = Finding<'docker_error', never>;

/** An engine with many containers takes a while to answer after a boot; this long it is not called frozen, in ms. */
const DOCKER_START_MS = 120_000;

/** That Docker is still starting, in words; null where it is not, or for too long by now. */
export function startingReason(unit: DockerUnit | null, now: number): string | null {
  const { active, mainPid, startedAtMs } = unit?.service ?? { active: '', mainPid: null, startedAtMs: null };
  if (active !== 'activating' || mainPid === null || startedAtMs === null) return null;
  const since = Math.max(0, now - startedAtMs);
  return since < DOCKER_START_MS
    ? `Docker has been starting for ${formatDuration(since)}; it answers when its start is complete`
    : null;
}

/** What it means that Docker did not answer us; null where it means nothing for the daemon, such as our own missing right. */
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

/** What systemd's word alone decides; null where it decides nothing. */
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
      // The dial is withheld where it would start the engine, which does not run then.
      return unit === null ? null : 'not-running';
    case 'unreadable':
      // A connect that is neither taken nor refused tells of this process: it has no descriptor left, or may make no socket.
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
