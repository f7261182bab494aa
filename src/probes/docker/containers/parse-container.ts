import { clean } from '../../../engine/text.ts';
import { redactSecrets } from '../../../vault/redact-secrets.ts';
import { asList, asNumber, asObject, asText, asTime } from '../../io/read-json.ts';
import type { Container, Inspection } from './container.ts';

/** "Up 2 hours", "Up About an hour (healthy)". If a release uses another text, the container is inspected. */
const SETTLED = /^Up (About an hour|\d+ (hours|days|weeks|months|years))( \(healthy\))?$/;

/** Parses an entry of /containers/json; null for a container that is not JACO's. */
export function parseContainer(entry: unknown): Container | null {
  const one = asObject(entry);
  const labels = asObject(one['Labels']);
  const replica = asText(labels['jaco.replica_id']);
  const id = asText(one['Id'], 64);
  if (replica === '' || !/^[0-9a-f]{12,64}$/.test(id)) return null;
  const networks = asObject(asObject(one['NetworkSettings'])['Networks']);
  const volumes = asList(one['Mounts']).slice(0, 50).flatMap(volumeOf);
  return {
    id,
    name: asText(asList(one['Names'])[0]).replace(/^\//, ''),
    replica,
    deployment: asText(labels['jaco.deployment']),
    service: asText(labels['jaco.service']),
    clusterId: asText(labels['jaco.cluster_id'], 100),
    revision: asText(labels['jaco.raft_index'], 20),
    state: asText(one['State'], 30),
    settled: one['State'] === 'running' && SETTLED.test(asText(one['Status'], 100)),
    createdAtMs: (asNumber(one['Created']) ?? 0) * 1000,
    networks: Object.entries(networks)
      .slice(0, 50)
      .map(([name, network]) => ({ name: clean(name, 253), ip: asText(asObject(network)['IPAddress'], 60) })),
    image: asText(one['Image'], 300),
    ...(volumes.length === 0 ? {} : { volumes }),
    look: null,
    again: null,
  };
}

function volumeOf(mount: unknown): readonly string[] {
  const { Type: type, Name: name } = asObject(mount);
  return type === 'volume' && typeof name === 'string' && name !== '' ? [clean(name, 253)] : [];
}

/** Parses /containers/ID/json, without the environment. */
export function parseInspection(inspected: unknown, atMs: number): Inspection {
  const one = asObject(inspected);
  const state = asObject(one['State']);
  const health = asObject(state['Health']);
  const last = asObject(asList(health['Log']).at(-1));
  const error = quotedText(state['Error'], 600);
  const check = asObject(asObject(one['Config'])['Healthcheck']);
  return {
    atMs,
    state: asText(state['Status'], 30),
    startedAtMs: asTime(state['StartedAt']),
    finishedAtMs: asTime(state['FinishedAt']),
    exitCode: asNumber(state['ExitCode']) ?? 0,
    outOfMemory: state['OOMKilled'] === true,
    error,
    health:
      state['Health'] == null || asText(health['Status'], 30) === 'none'
        ? null
        : {
            status: asText(health['Status'], 30),
            failingStreak: asNumber(health['FailingStreak']) ?? 0,
            output: quotedText(last['Output'], 300),
            exitCode: asNumber(last['ExitCode']),
          },
    startPeriodMs: nanosecondsToMs(check['StartPeriod']) ?? 0,
    startingForMs: startingForMs(check),
    dns: asList(asObject(one['HostConfig'])['Dns'])
      .slice(0, 10)
      .flatMap((server) => asText(server, 60) || []),
  };
}

/**
 * One check may start within the start period and does not count; then all retries must fail (docs.docker.com,
 * HEALTHCHECK).
 */
function startingForMs(check: { readonly [key: string]: unknown }): number {
  const perCheckMs = (nanosecondsToMs(check['Interval']) ?? 30_000) + (nanosecondsToMs(check['Timeout']) ?? 30_000);
  return (nanosecondsToMs(check['StartPeriod']) ?? 0) + ((asNumber(check['Retries']) || 3) + 1) * perCheckMs;
}

/** Nanoseconds of Docker in ms; null for 0, which means the default. */
function nanosecondsToMs(nanoseconds: unknown): number | null {
  return Math.round((asNumber(nanoseconds) ?? 0) / 1e6) || null;
}

/** A text of a program or of Docker, without secrets; null for none. */
function quotedText(value: unknown, max: number): string | null {
  const cleaned = typeof value === 'string' ? clean(redactSecrets(value.slice(0, 4_096)), max) : '';
  return cleaned === '' ? null : cleaned;
}
