import { asNumber, asObject } from '../io/read-json.ts';
import { getJson } from './docker-api.ts';
import { dockerTarget } from './engine.ts';

const INSPECT_MS = 1_500;

/**
 * The pid of a container's first process, as Docker reports it; null if it is not running any more, or Docker does not
 * answer.
 */
export async function containerPid(
  io: Parameters<typeof dockerTarget>[0],
  id: string,
  signal: AbortSignal,
): Promise<number | null> {
  const answer = await getJson(dockerTarget(io), `/containers/${id}/json`, {
    limitMs: INSPECT_MS,
    signal,
    maxBytes: 1024 * 1024,
  });
  if (answer.kind === 'failed') return null;
  return asNumber(asObject(asObject(answer.json)['State'])['Pid']) || null;
}
