import { failed, type Outcome, type Result, value } from '../../engine/outcome.ts';
import { attempt } from '../../engine/probe.ts';
import { type DiskSpace, readDiskSpace } from '../io/disk-space.ts';
import { httpFailed, httpGet, type UnixTarget } from '../io/http/http.ts';
import { type HostIo, probe } from '../io/io.ts';
import { findProcesses } from '../io/processes.ts';
import { asObject, asText } from '../io/read-json.ts';
import { DOCKER_SOCKET, getJson } from './docker-api.ts';
import { type DockerUnit, dockerUnit } from './unit.ts';

/** An engine that answers. */
export type DockerEngine = {
  readonly socket: string;
  /** Its newest API version, such as `1.41`; empty if unknown. */
  readonly apiVersion: string;
  /** From `/info`; null if that gave no answer, with the reason in `infoMissing`. */
  readonly info: { readonly version: string; readonly rootDir: string; readonly space: DiskSpace | null } | null;
  readonly infoMissing: string | null;
};

/** Time for the first answer, in ms: a warm engine takes 1. An engine that accepts and takes longer is frozen. */
const PING_MS = 1_500;
const INFO_MS = 2_000;

/**
 * The engine on the Docker socket. Failures: `withheld`: the dial would start the engine; `absent`: no socket;
 * `denied`: no right to the socket; `refused`: no listener; `silent`: connected without an answer; `unreadable`:
 * another server.
 */
export const dockerEngine = probe({
  name: 'docker.engine',
  right: 'root or group docker',
  after: { unit: attempt(dockerUnit) },
  deadlineMs: 4_500,
  async collect(io, { unit }, signal): Promise<Result<DockerEngine>> {
    const target = dockerTarget(io);
    const withheld = await reasonToWithhold(io, unit);
    if (withheld !== null)
      return failed('withheld', 'connect', `the doctor did not connect to ${target.path}: ${withheld}`, dockerUnit);
    io.phase('answer');
    const [ping, infoAnswer] = await Promise.all([
      httpGet(target, '/_ping', { limitMs: PING_MS, signal }),
      getJson(target, '/info', { limitMs: INFO_MS, signal }),
    ]);
    if (ping.kind === 'failure') return httpFailed(ping.failure);
    const apiVersion = ping.headers['api-version'];
    if (ping.status !== 200 || apiVersion === undefined)
      return failed('unreadable', 'answer', `${target.path}: HTTP ${ping.status} without Docker's API version`);
    if (infoAnswer.kind === 'failed')
      return value({ socket: target.path, apiVersion, info: null, infoMissing: infoAnswer.failure.detail });
    const info = asObject(infoAnswer.json);
    const rootDir = asText(info['DockerRootDir'], 300);
    const space = rootDir.startsWith('/') ? await readDiskSpace(rootDir) : null;
    return value({
      socket: target.path,
      apiVersion,
      info: { version: asText(info['ServerVersion'], 60), rootDir, space },
      infoMissing: null,
    });
  },
});

/** The Docker socket, or the stand-in's socket. */
export function dockerTarget({ settings }: HostIo): UnixTarget {
  return { kind: 'unix', path: settings.standIn?.docker ?? DOCKER_SOCKET };
}

/** Why a dial could start the engine; null if it cannot. */
async function reasonToWithhold({ settings }: HostIo, unit: Outcome<DockerUnit>): Promise<string | null> {
  if (settings.standIn !== null || unit.kind === 'not-applicable') return null;
  if (unit.kind === 'value') {
    const { service, socket } = unit.value;
    return service.load === 'loaded' && service.mainPid === null && socket.active === 'active'
      ? 'docker.service is not running, and a connection would start it'
      : null;
  }
  return (await findProcesses('dockerd')).length > 0
    ? null
    : 'whether docker.service is running is unknown, and a connection could start it';
}
