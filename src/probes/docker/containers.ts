import { setTimeout as sleep } from 'node:timers/promises';
import { type Result, value } from '../../engine/outcome.ts';
import type { HttpTarget } from '../io/http/http.ts';
import { probe } from '../io/io.ts';
import { asList } from '../io/read-json.ts';
import type { Container, Inspection } from './containers/container.ts';
import { parseContainer, parseInspection } from './containers/parse-container.ts';
import { getJson, isList, notListFailure } from './docker-api.ts';
import { dockerEngine, dockerTarget } from './engine.ts';

export type { Container, Inspection } from './containers/container.ts';

/** JACO's containers on this host, of any cluster and in any state. `omitted` counts those that were not kept. */
export type Containers = { readonly list: readonly Container[]; readonly omitted: number };

const MAX_CONTAINERS = 2_000;
/** Most containers that are inspected. Containers that have been running for long are left out first. */
const MAX_INSPECTIONS = 300;
const MAX_SETTLED_INSPECTIONS = 64;
const CONCURRENCY = 8;
/** A container that restarted more recently is inspected again. */
const YOUNG_MS = 15_000;
const REPEAT_AFTER_MS = 1_300;

/**
 * All containers of JACO, from Docker, the only source that shows what is running
 * (docs/jaco-daemon/runtime.md#running-proves-nothing).
 */
export const dockerContainers = probe({
  name: 'docker.containers',
  right: 'root or group docker',
  after: { engine: dockerEngine },
  deadlineMs: 6_000,
  async collect(io, _facts, signal): Promise<Result<Containers>> {
    const target = dockerTarget(io);
    io.phase('list');
    const filters = encodeURIComponent(JSON.stringify({ label: ['jaco.replica_id'] }));
    const answer = await getJson(target, `/containers/json?all=1&filters=${filters}`, {
      limitMs: 3_000,
      signal,
      maxBytes: 32 * 1024 * 1024,
    });
    if (answer.kind === 'failed') return answer;
    if (!isList(answer.json)) return notListFailure('/containers/json');
    const all = asList(answer.json).flatMap((entry) => parseContainer(entry) ?? []);
    const containers = all.slice(0, MAX_CONTAINERS);
    io.phase('inspect');
    const inspections = await inspectAll(target, selectForInspection(containers), signal);
    const youngOnes = containers.filter((one) => isYoung(inspectionOf(inspections, one)));
    if (youngOnes.length > 0) await sleep(REPEAT_AFTER_MS, undefined, { signal });
    const repeated = await inspectAll(target, youngOnes, signal);
    return value({
      list: containers.map((one) => ({
        ...one,
        state: inspections.get(one.id) === 'gone' || repeated.get(one.id) === 'gone' ? 'removing' : one.state,
        look: inspectionOf(inspections, one),
        again: inspectionOf(repeated, one),
      })),
      omitted: all.length - containers.length,
    });
  },
});

/** Containers that are not running first, then young ones, then the rest. */
function selectForInspection(containers: readonly Container[]): readonly Container[] {
  const rank = ({ state, settled }: Container): number => (state !== 'running' ? 0 : settled ? 2 : 1);
  const ordered = [...containers].sort((a, b) => rank(a) - rank(b)).slice(0, MAX_INSPECTIONS);
  return ordered.filter((one, index) => !one.settled || index < MAX_SETTLED_INSPECTIONS);
}

/** Whether a container has just restarted: it may come up or exit at once. */
function isYoung(look: Inspection | null): boolean {
  if (look === null) return false;
  if (look.state === 'restarting') return true;
  const { startedAtMs, finishedAtMs, atMs } = look;
  return look.state === 'running' && finishedAtMs !== null && startedAtMs !== null && atMs - startedAtMs < YOUNG_MS;
}

type Inspections = ReadonlyMap<string, Inspection | 'gone'>;

function inspectionOf(inspections: Inspections, { id }: Container): Inspection | null {
  const look = inspections.get(id);
  return look === undefined || look === 'gone' ? null : look;
}

/** Inspects containers, a few at a time. `gone`: removed after they were listed. */
async function inspectAll(
  target: HttpTarget,
  containers: readonly Container[],
  signal: AbortSignal,
): Promise<Inspections> {
  const inspections = new Map<string, Inspection | 'gone'>();
  const queue = [...containers];
  const inspectNext = async (): Promise<void> => {
    for (let one = queue.shift(); one && !signal.aborted; one = queue.shift()) {
      const answer = await getJson(target, `/containers/${one.id}/json`, {
        limitMs: 2_000,
        signal,
        maxBytes: 1024 * 1024,
      });
      if (answer.kind === 'json') inspections.set(one.id, parseInspection(answer.json, Date.now()));
      else if (answer.failure.why === 'absent') inspections.set(one.id, 'gone');
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, inspectNext));
  return inspections;
}
