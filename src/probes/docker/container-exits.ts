import { type Result, value } from '../../engine/outcome.ts';
import { httpFailed, httpGet } from '../io/http/http.ts';
import { probe } from '../io/io.ts';
import { asObject, asText } from '../io/read-json.ts';
import { dockerEngine, dockerTarget } from './engine.ts';

/** The exit of a container. Time in ms since the epoch. `stopped`: it was killed and did not exit by itself. */
export type ContainerExit = {
  readonly container: string;
  readonly replica: string;
  readonly atMs: number;
  readonly exitCode: number | null;
  readonly stopped: boolean;
};

/** Exits that the engine still lists, oldest first. */
export type ContainerExits = { readonly list: readonly ContainerExit[] };

/** The engine keeps its last 256 events of any kind, so the history is often shorter. */
const HISTORY_MS = 30 * 60_000;
/**
 * A stop is a kill event before the exit. JACO waits for the stop grace period of the compose file, by default 10 s
 * (docs/jaco-daemon/runtime.md#stops).
 */
const STOP_MS = 60_000;

/** When and how JACO's containers exited, which a restarted container no longer shows. */
export const containerExits = probe({
  name: 'docker.deaths',
  right: 'root or group docker',
  after: { engine: dockerEngine },
  deadlineMs: 2_500,
  async collect(io, _facts, signal): Promise<Result<ContainerExits>> {
    const now = Date.now();
    const sinceMs = now - HISTORY_MS;
    const filters = { type: ['container'], event: ['die', 'kill'], label: ['jaco.replica_id'] };
    const query = `since=${Math.floor(sinceMs / 1000)}&until=${(now / 1000).toFixed(3)}&filters=${encodeURIComponent(JSON.stringify(filters))}`;
    const response = await httpGet(dockerTarget(io), `/events?${query}`, { limitMs: 2_000, signal });
    if (response.kind === 'failure') return httpFailed(response.failure);
    return value({ list: parseContainerExits(response.status === 200 ? response.body.toString('utf8') : '') });
  },
});

/** Parses events, one JSON object per line, oldest first. */
export function parseContainerExits(lines: string): readonly ContainerExit[] {
  const killedAt = new Map<string, number>();
  const exits: ContainerExit[] = [];
  for (const line of lines.split('\n').slice(0, 5_000)) {
    const event = asObject(parseEvent(line));
    const actor = asObject(event['Actor']);
    const attributes = asObject(actor['Attributes']);
    const container = asText(actor['ID'], 64);
    const atMs = Math.floor(Number(event['timeNano']) / 1e6) || Number(event['time']) * 1000;
    if (!Number.isFinite(atMs) || container === '') continue;
    if (event['Action'] === 'kill') killedAt.set(container, atMs);
    if (event['Action'] !== 'die') continue;
    const exitCode = Number(asText(attributes['exitCode'], 10) || Number.NaN);
    exits.push({
      container,
      replica: asText(attributes['jaco.replica_id']),
      atMs,
      exitCode: Number.isInteger(exitCode) ? exitCode : null,
      stopped: atMs - (killedAt.get(container) ?? Number.NEGATIVE_INFINITY) < STOP_MS,
    });
  }
  return exits;
}

function parseEvent(line: string): unknown {
  try {
    return line.startsWith('{') ? JSON.parse(line) : null;
  } catch {
    return null;
  }
}
