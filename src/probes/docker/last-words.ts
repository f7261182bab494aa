import { type Result, value } from '../../engine/outcome.ts';
import { clean } from '../../engine/text.ts';
import { redactShapes } from '../../vault/shapes.ts';
import { get } from '../io/http/http.ts';
import { probe } from '../io/io.ts';
import { type Container, dockerContainers } from './containers.ts';
import { dockerEngine, dockerTarget } from './engine.ts';

/** By container, the last lines that its program wrote: bounded, cleaned, without what has a secret's shape. */
export type LastWords = { readonly [container: string]: readonly string[] };

const MAX_CONTAINERS = 10;
const LINES = 3;
const MAX_LINE = 200;

/** What the programs of containers that ended, or are unhealthy, said last. */
export const lastWords = probe({
  name: 'docker.last-words',
  right: 'root or group docker',
  after: { engine: dockerEngine, containers: dockerContainers },
  deadlineMs: 2_500,
  async collect(io, { containers }, signal): Promise<Result<LastWords>> {
    const target = dockerTarget(io);
    const read = async ({ id }: Container): Promise<readonly [string, readonly string[]]> => {
      const path = `/containers/${id}/logs?stdout=1&stderr=1&tail=${LINES}`;
      const response = await get(target, path, { limitMs: 1_500, signal, maxBytes: 64 * 1024 });
      // A container may log elsewhere, where the engine cannot read it back.
      return [id, response.kind === 'answer' && response.status === 200 ? parseLogLines(response.body) : []];
    };
    const ended = containers.list.filter(hasEnded).slice(0, MAX_CONTAINERS);
    return value(Object.fromEntries(await Promise.all(ended.map(read))));
  },
});

function hasEnded({ state, look }: Container): boolean {
  if (state === 'exited' || state === 'dead' || look?.health?.status === 'unhealthy') return true;
  return state === 'running' && look !== null && look.finishedAtMs !== null;
}

/** The lines of a log. Without a terminal each piece has a head of 8 bytes: its stream and its length. */
export function parseLogLines(log: Buffer): readonly string[] {
  const pieces: Buffer[] = [];
  let at = 0;
  while (at + 8 <= log.length && (log[at] ?? 9) <= 2 && log.readUIntBE(at + 1, 3) === 0) {
    const length = log.readUInt32BE(at + 4);
    pieces.push(log.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  const text = (pieces.length > 0 ? Buffer.concat(pieces) : log).toString('utf8');
  return redactShapes(text)
    .split(/[\r\n]+/)
    .map((line) => clean(line, MAX_LINE))
    .filter((line) => line !== '')
    .slice(-LINES);
}
