import { failed, type Result } from '../../engine/outcome.ts';
import { clean } from '../../engine/text.ts';
import { type HttpTarget, httpFailed, httpGet } from '../io/http/http.ts';

/** The Docker socket that jacod uses, independent of DOCKER_HOST (docs/jaco-daemon/runtime.md#docker-engine). */
export const DOCKER_SOCKET = '/var/run/docker.sock';

export type JsonResult = { readonly kind: 'json'; readonly json: unknown } | Extract<Result, { kind: 'failed' }>;

export type JsonOptions = { readonly limitMs: number; readonly signal: AbortSignal; readonly maxBytes?: number };

/**
 * GETs JSON from the API of the engine. An HTTP error is `refused` with its message, 404 is `absent`; a cut answer is
 * `unreadable`.
 */
export async function getJson(target: HttpTarget, path: string, options: JsonOptions): Promise<JsonResult> {
  const response = await httpGet(target, path, options);
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
    return failed('unreadable', 'body', `${endpoint}: the answer is not JSON`);
  }
}

/** Whether an answer is a list; the engine may send `null` for an empty one. */
export function isList(json: unknown): boolean {
  return Array.isArray(json) || json === null;
}

/** The failure of an answer that is not a list. */
export function notListFailure(path: string): Extract<Result, { kind: 'failed' }> {
  return failed('unreadable', 'body', `${path}: the answer is not a list`);
}

/** The engine returns errors as `{"message": "…"}`. */
function parseErrorMessage(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    if (typeof message === 'string') return clean(message, 300);
  } catch {
    // Not JSON: quoted unchanged.
  }
  return clean(text, 300);
}
