import { clean } from '../../../engine/text.ts';
import { redactShapes } from '../../../vault/shapes.ts';
import { list, number, object, text, time } from '../read-json.ts';
import type { Container, Look } from './container.ts';

/** "Up 2 hours", "Up About an hour (healthy)". Another text in another release only makes for a closer look. */
const SETTLED = /^Up (About an hour|\d+ (hours|days|weeks|months|years))( \(healthy\))?$/;

/** An entry of /containers/json; null where it is none of JACO's. */
export function containerOf(entry: unknown): Container | null {
  const one = object(entry);
  const labels = object(one['Labels']);
  const replica = text(labels['jaco.replica_id']);
  const id = text(one['Id'], 64);
  if (replica === '' || !/^[0-9a-f]{12,64}$/.test(id)) return null;
  const networks = object(object(one['NetworkSettings'])['Networks']);
  return {
    id,
    name: text(list(one['Names'])[0]).replace(/^\//, ''),
    replica,
    deployment: text(labels['jaco.deployment']),
    service: text(labels['jaco.service']),
    clusterId: text(labels['jaco.cluster_id'], 100),
    revision: text(labels['jaco.raft_index'], 20),
    state: text(one['State'], 30),
    settled: one['State'] === 'running' && SETTLED.test(text(one['Status'], 100)),
    createdAtMs: (number(one['Created']) ?? 0) * 1000,
    networks: Object.entries(networks)
      .slice(0, 50)
      .map(([name, network]) => ({ name: clean(name, 253), ip: text(object(network)['IPAddress'], 60) })),
    look: null,
    again: null,
  };
}

/** What /containers/ID/json says of one, without its environment. */
export function lookOf(inspected: unknown, atMs: number): Look {
  const one = object(inspected);
  const state = object(one['State']);
  const health = object(state['Health']);
  const last = object(list(health['Log']).at(-1));
  const error = said(state['Error'], 600);
  const check = object(object(one['Config'])['Healthcheck']);
  return {
    atMs,
    state: text(state['Status'], 30),
    startedAtMs: time(state['StartedAt']),
    finishedAtMs: time(state['FinishedAt']),
    exitCode: number(state['ExitCode']) ?? 0,
    outOfMemory: state['OOMKilled'] === true,
    error,
    health:
      state['Health'] == null || text(health['Status'], 30) === 'none'
        ? null
        : {
            status: text(health['Status'], 30),
            failingStreak: number(health['FailingStreak']) ?? 0,
            output: said(last['Output'], 300),
            exitCode: number(last['ExitCode']),
          },
    startPeriodMs: msOf(check['StartPeriod']) ?? 0,
    startingForMs: startingForMs(check),
    dns: list(object(one['HostConfig'])['Dns'])
      .slice(0, 10)
      .flatMap((server) => text(server, 60) || []),
  };
}

/** One check may begin within the start period and not count; then as many as there are retries must fail (docs.docker.com, HEALTHCHECK). */
function startingForMs(check: { readonly [key: string]: unknown }): number {
  const once = (msOf(check['Interval']) ?? 30_000) + (msOf(check['Timeout']) ?? 30_000);
  return (msOf(check['StartPeriod']) ?? 0) + ((number(check['Retries']) || 3) + 1) * once;
}

/** Docker's nanoseconds; null where it takes its own default, which it writes as 0. */
function msOf(nanoseconds: unknown): number | null {
  return Math.round((number(nanoseconds) ?? 0) / 1e6) || null;
}

/** A program's or Docker's own words, or null where there are none. */
function said(value: unknown, max: number): string | null {
  const whole = typeof value === 'string' ? clean(redactShapes(value.slice(0, 4_096)), max) : '';
  return whole === '' ? null : whole;
}
