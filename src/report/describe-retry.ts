import type { Retry } from '../catalog/entry-schema.ts';

/** Whether trying again can help, in words. */
export function describeRetry(retry: Retry): string {
  switch (retry.kind) {
    case 'no':
      return 'repeating the command does not help';
    case 'after-fix':
      return 'repeat a failed command after the fix';
    case 'redo':
      return 'do the steps, then repeat the failed command';
    case 'wait':
      return 'wait until the fault is over, then repeat the command';
    case 'transient':
      return `may pass without a fix: try again after ${retry.after}`;
  }
}
