import type { Finding } from '../../../src/engine/finding.ts';
import { formatBytes, formatTime } from '../../../src/engine/format.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { dockerError } from '../../../src/probes/docker/docker-error.ts';
import type { DockerEngine } from '../../../src/probes/docker/engine.ts';
import type { RuntimeLines } from '../../../src/probes/jaco/journal/runtime-lines.ts';
import type { Replica } from '../../../src/probes/jaco/runtime/replica-fact.ts';
import { RETRY_LOG_MS } from '../../../src/probes/jaco/timing.ts';

type DockerFinding = Finding<'docker_error', never>;

/** With less free space than this, in bytes, no image can be pulled and no container created. */
const FULL_BYTES = 1024 * 1024;

/** Docker's disk is full, by the file system's counts or by the error of a start or a pull. */
export function dockerDiskFull(
  { rootDir, space }: NonNullable<DockerEngine['info']>,
  lines: RuntimeLines | null,
  rows: readonly Replica[],
  now: number,
): DockerFinding | null {
  const starts = Object.entries(lines?.startFailed ?? {})
    .filter(([, { atMs }]) => now - atMs < RETRY_LOG_MS)
    .map(([id, { atMs, text }]) => ({ text, line: `${id}, at ${formatTime(atMs)}: ${text}` }));
  const pulls = rows.map(({ id, reason }) => ({ text: reason ?? '', line: `${id}: ${reason}` }));
  const failures = [...starts, ...pulls].flatMap(({ text, line }) => {
    const error = dockerError(text);
    return error.kind === 'no-space' ? [{ line, containerdRoot: error.containerdRoot }] : [];
  });
  const empty = space !== null && (space.freeBytes < FULL_BYTES || space.freeInodes === 0);
  if (!empty && failures.length === 0) return null;
  const containerd = empty ? undefined : failures.find((one) => one.containerdRoot !== null)?.containerdRoot;
  const counted =
    space === null || containerd != null
      ? []
      : [
          `${rootDir}: ${formatBytes(space.freeBytes)} of ${formatBytes(space.totalBytes)} free${space.freeInodes === 0 ? ', no free inode' : ''}`,
        ];
  return {
    id: 'docker_error',
    subject: null,
    cause: 'disk-full',
    evidence: [...counted, ...failures.slice(0, 3).map(({ line }) => line)],
    values: { docker_root: containerd ?? rootDir },
  };
}

/** The oldest API that the daemon's client supports (docker client v28, docs/jaco-daemon/runtime.md#docker-engine). */
const OLDEST_API = [1, 24] as const;

/** An engine too old for the daemon's client, or too new for it. */
export function oldApi(apiVersion: string, lines: RuntimeLines | null, now: number): DockerFinding | null {
  const [major = 0, minor = 0] = apiVersion.split('.').map(Number);
  const old =
    /^\d+\.\d+$/.test(apiVersion) && (major < OLDEST_API[0] || (major === OLDEST_API[0] && minor < OLDEST_API[1]));
  const refused = lines?.dockerRefused ?? null;
  const logged =
    refused !== null && dockerError(refused.text).kind === 'api-version' && now - refused.atMs < RETRY_LOG_MS
      ? [`jacod logged at ${formatTime(refused.atMs)}: ${refused.text}`]
      : [];
  if (!old && logged.length === 0) return null;
  const evidence = [
    `this engine supports API ${apiVersion}${old ? `; jacod needs ${OLDEST_API.join('.')} or newer` : ''}`,
    ...logged,
  ];
  return { id: 'docker_error', subject: null, cause: 'api-too-old', evidence };
}

/** Docker answers, but rejects the requests that the daemon sends in each reconcile. */
export function refusedRequests(asked: {
  readonly containers: Outcome;
  readonly networks: Outcome;
  readonly infoMissing: string | null;
}): DockerFinding | null {
  const refused = [asked.containers, asked.networks].flatMap((outcome) =>
    outcome.kind === 'failed' && outcome.failure.why === 'refused' && outcome.failure.phase === 'answer'
      ? [outcome.failure.detail]
      : [],
  );
  if (refused.length === 0) return null;
  const evidence = [...refused, ...(asked.infoMissing === null ? [] : [asked.infoMissing])];
  return { id: 'docker_error', subject: null, cause: 'unknown', evidence };
}
