import type { Retry } from '../catalog/entry.ts';

/** Whether trying again can help, in words. */
export function describeRetry(retry: Retry): string {
  switch (retry.kind) {
    case 'no':
      return 'does not help';
    case 'after-fix':
      return 'after the fix';
    case 'redo':
      return 'the failed step must be done again';
    case 'wait':
      return 'only something outside can clear it; wait for that';
    case 'transient':
      return `may pass by itself: try again after ${retry.after}`;
  }
}
