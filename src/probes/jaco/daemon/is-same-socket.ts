import { normalize } from 'node:path';

/** Whether two socket paths are the same: /var/run is a link to /run on every host of JACO. */
export function isSameSocket(a: string, b: string): boolean {
  return normalized(a) === normalized(b);
}

function normalized(path: string): string {
  return normalize(path).replace(/^\/var\/run\//, '/run/');
}
