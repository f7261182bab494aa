import { type Result, value } from '../../engine/outcome.ts';
import { clean } from '../../engine/text.ts';
import { redactSecrets } from '../../vault/redact-secrets.ts';
import { httpGet } from '../io/http/http.ts';
import { probe } from '../io/io.ts';
import { type Container, dockerContainers } from './containers.ts';
import { dockerEngine, dockerTarget } from './engine.ts';

/** The last log lines of each container, bounded, cleaned and without secrets. */
export type LogTails = { readonly [container: string]: readonly string[] };

const MAX_CONTAINERS = 10;
const LINES = 3;
const MAX_LINE = 200;

/** The last log lines of containers that exited or are unhealthy. */
export const logTails = probe({
  name: 'docker.last-words',
  right: 'root or group docker',
  after: { engine: dockerEngine, containers: dockerContainers },
  deadlineMs: 2_500,
  async collect(io, { containers }, signal): Promise<Result<LogTails>> {
    const target = dockerTarget(io);
    const read = async ({ id }: Container): Promise<readonly [string, readonly string[]]> => {
      const path = `/containers/${id}/logs?stdout=1&stderr=1&tail=${LINES}`;
      const response = await httpGet(target, path, { limitMs: 1_500, signal, maxBytes: 64 * 1024 });
      // With another log driver, the engine cannot read the log.
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

/** Parses the lines of a log. Without a terminal, each piece has a header of 8 bytes: stream and length. */
export function parseLogLines(log: Buffer): readonly string[] {
  const pieces: Buffer[] = [];
  let at = 0;
  while (at + 8 <= log.length && (log[at] ?? 9) <= 2 && log.readUIntBE(at + 1, 3) === 0) {
    const length = log.readUInt32BE(at + 4);
    pieces.push(log.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  const text = (pieces.length > 0 ? Buffer.concat(pieces) : log).toString('utf8');
  return redactSecrets(text)
    .split(/[\r\n]+/)
    .map((line) => clean(line, MAX_LINE))
    .filter((line) => line !== '')
    .slice(-LINES);
}
