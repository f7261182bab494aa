import { setTimeout as sleep } from 'node:timers/promises';
import { type Result, value } from '../../engine/outcome.ts';
import type { HttpTarget } from '../io/http/http.ts';
import { probe } from '../io/io.ts';
import { ask, isList, noList } from './ask.ts';
import type { Container, Look } from './containers/container.ts';
import { containerOf, lookOf } from './containers/parse.ts';
import { dockerEngine, dockerTarget } from './engine.ts';
import { list } from './read-json.ts';

export type { Container, Look } from './containers/container.ts';

/** JACO's containers on this host, of whatever cluster, running or not. `omitted` were too many to keep. */
export type Containers = { readonly list: readonly Container[]; readonly omitted: number };

const MAX_CONTAINERS = 2_000;
/** Containers looked at closely; those that run for long only while there are few. */
const MAX_LOOKS = 300;
const MAX_SETTLED_LOOKS = 64;
const AT_ONCE = 8;
/** A container started again so shortly ago is looked at once more. */
const YOUNG_MS = 15_000;
const LATER_MS = 1_300;

/** Docker's word for every container of JACO's: the only witness of what runs (live R0.1). */
export const dockerContainers = probe({
  name: 'docker.containers',
  right: 'root or group docker',
  after: { engine: dockerEngine },
  deadlineMs: 6_000,
  async collect(io, _facts, signal): Promise<Result<Containers>> {
    const place = dockerTarget(io);
    io.phase('list');
    const filters = encodeURIComponent(JSON.stringify({ label: ['jaco.replica_id'] }));
    const asked = await ask(place, `/containers/json?all=1&filters=${filters}`, {
      limitMs: 3_000,
      signal,
      maxBytes: 32 * 1024 * 1024,
    });
    if (asked.kind === 'failed') return asked;
    if (!isList(asked.json)) return noList('/containers/json');
    const all = list(asked.json).flatMap((entry) => containerOf(entry) ?? []);
    const kept = all.slice(0, MAX_CONTAINERS);
    io.phase('inspect');
    const looks = await lookAt(place, worthALook(kept), signal);
    const soft = kept.filter((one) => isSoft(lookIn(looks, one)));
    if (soft.length > 0) await sleep(LATER_MS, undefined, { signal });
    const later = await lookAt(place, soft, signal);
    return value({
      list: kept.map((one) => ({
        ...one,
        state: looks.get(one.id) === 'gone' || later.get(one.id) === 'gone' ? 'removing' : one.state,
        look: lookIn(looks, one),
        again: lookIn(later, one),
      })),
      omitted: all.length - kept.length,
    });
  },
});

/** First what does not simply run, then what is young, then the rest. */
function worthALook(containers: readonly Container[]): readonly Container[] {
  const rank = ({ state, settled }: Container): number => (state !== 'running' ? 0 : settled ? 2 : 1);
  const first = [...containers].sort((a, b) => rank(a) - rank(b)).slice(0, MAX_LOOKS);
  return first.filter((one, index) => !one.settled || index < MAX_SETTLED_LOOKS);
}

/** Just started again: it may be a program that comes up, or one that ends at once. */
function isSoft(look: Look | null): boolean {
  if (look === null) return false;
  if (look.state === 'restarting') return true;
  const { startedAtMs, finishedAtMs, atMs } = look;
  return look.state === 'running' && finishedAtMs !== null && startedAtMs !== null && atMs - startedAtMs < YOUNG_MS;
}

type Looks = ReadonlyMap<string, Look | 'gone'>;

function lookIn(looks: Looks, { id }: Container): Look | null {
  const look = looks.get(id);
  return look === undefined || look === 'gone' ? null : look;
}

/** Looks at some, a few at a time. One may have gone since they were listed. */
async function lookAt(place: HttpTarget, containers: readonly Container[], signal: AbortSignal): Promise<Looks> {
  const looks = new Map<string, Look | 'gone'>();
  const queue = [...containers];
  const work = async (): Promise<void> => {
    for (let one = queue.shift(); one && !signal.aborted; one = queue.shift()) {
      const asked = await ask(place, `/containers/${one.id}/json`, { limitMs: 2_000, signal, maxBytes: 1024 * 1024 });
      if (asked.kind === 'json') looks.set(one.id, lookOf(asked.json, Date.now()));
      else if (asked.failure.why === 'absent') looks.set(one.id, 'gone');
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return looks;
}
