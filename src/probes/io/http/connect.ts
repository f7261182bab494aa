import { dial, type Opened, type OpenOptions } from './dial.ts';
import { type HttpTarget, targetName } from './target.ts';

/** Opens a connection within `limitMs`. The socket is the caller's to end; a failed one is ended here. */
export async function open(place: HttpTarget, options: OpenOptions): Promise<Opened> {
  if (place.kind === 'web') return (await import('./web.ts')).openWeb(place, options);
  return dial({ path: place.path }, targetName(place), options);
}
