import { dial, type Opened, type OpenOptions } from './dial.ts';
import { type HttpTarget, targetName } from './target.ts';

/** Opens a connection within `limitMs`. The socket is the caller's to end; a failed one is ended here. */
export async function open(target: HttpTarget, options: OpenOptions): Promise<Opened> {
  if (target.kind === 'web') return (await import('./web.ts')).openWeb(target, options);
  return dial({ path: target.path }, targetName(target), options);
}
