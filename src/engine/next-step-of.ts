import type { NextStep } from './next-step.ts';
import type { Failure } from './outcome.ts';

/** The next step after a probe's failure: the one that the probe gave, or the one of its class. */
export function nextStepOf(failure: Pick<Failure, 'why' | 'phase' | 'next'>): NextStep {
  if (failure.next !== undefined) return failure.next;
  switch (failure.why) {
    case 'denied':
      // What a server refuses, no right on this host allows.
      return failure.phase === 'answer' ? { kind: 'answer' } : { kind: 'as-root' };
    case 'missing-tool':
      return { kind: 'do', text: 'Install the program that the reason names, and run again.' };
    case 'budget':
    case 'timeout':
      return { kind: 'again' };
    case 'absent':
      return failure.phase === 'replay' ? { kind: 'record' } : { kind: 'answer' };
    case 'silent':
    case 'hung-up':
    case 'refused':
    case 'withheld':
      return { kind: 'answer' };
    // A recording may hold another word.
    default:
      return { kind: 'report' };
  }
}
