import { dial, type Opened, type OpenOptions } from './http-dial.ts';
import { type HttpPlace, placeName } from './http-place.ts';

/** Opens a connection within `limitMs`. The socket is the caller's to end; a failed one is ended here. */
export async function open(place: HttpPlace, options: OpenOptions): Promise<Opened> {
  if (place.kind === 'web') return (await import('./http-web.ts')).openWeb(place, options);
  return dial({ path: place.path }, placeName(place), options);
}
