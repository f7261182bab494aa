import { failed, type Result } from '../../engine/outcome.ts';
import { clean } from '../../engine/text.ts';
import { get, type HttpTarget, httpFailed } from '../io/http/http.ts';

/** Docker's socket as jacod takes it, whatever DOCKER_HOST says (docs/jaco-daemon/runtime.md#docker-engine). */
export const DOCKER_SOCKET = '/var/run/docker.sock';

export type JsonResult = { readonly kind: 'json'; readonly json: unknown } | Extract<Result, { kind: 'failed' }>;

export type JsonOptions = { readonly limitMs: number; readonly signal: AbortSignal; readonly maxBytes?: number };

/** An answer of the engine's API as JSON. An error of its own is `refused`, with its words; a cut answer is none. */
export async function getJson(target: HttpTarget, path: string, options: JsonOptions): Promise<JsonResult> {
  const response = await get(target, path, options);
  if (response.kind === 'failure') return httpFailed(response.failure);
  const text = response.body.toString('utf8');
  const endpoint = path.replace(/\?.*/, '');
  if (response.status !== 200)
    return failed(
      response.status === 404 ? 'absent' : 'refused',
      'answer',
      `${endpoint}: HTTP ${response.status}: ${parseErrorMessage(text)}`,
    );
  if (response.cut)
    return failed('unreadable', 'body', `${endpoint}: an answer of more than ${response.body.length} bytes, cut`);
  try {
    return { kind: 'json', json: JSON.parse(text) };
  } catch {
    return failed('unreadable', 'body', `${endpoint}: an answer that is no JSON`);
  }
}

/** Whether an answer is a list as the engine gives it; an empty one may be `null`. */
export function isList(json: unknown): boolean {
  return Array.isArray(json) || json === null;
}

/** Something answered, and not with what the engine answers: that nothing is listed in it says nothing. */
export function notListFailure(path: string): Extract<Result, { kind: 'failed' }> {
  return failed('unreadable', 'body', `${path}: an answer that is no list`);
}

/** The engine wraps its errors as `{"message": "…"}`. */
function parseErrorMessage(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    if (typeof message === 'string') return clean(message, 300);
  } catch {
    // No JSON: it is quoted as it is.
  }
  return clean(text, 300);
}
