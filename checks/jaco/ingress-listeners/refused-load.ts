import type { Finding } from '../../../src/engine/finding.ts';
import type { LoadState } from '../../../src/probes/jaco/ingress/load-state.ts';
import type { ProxyLines } from '../../../src/probes/jaco/journal/proxy-lines.ts';
import { describeRefusal, describeState } from './describe-state.ts';

/** A configuration that the proxy rejects for a reason other than a taken port. */
export function refusedLoad(
  { refusal }: ProxyLines,
  state: LoadState | null,
  now: number,
): Finding<'ingress_load_failed', 'config'> | null {
  if (refusal === null || refusal.busy !== null) return null;
  const isDenied = /bind: permission denied/.test(refusal.text);
  return {
    id: 'ingress_load_failed',
    subject: null,
    cause: isDenied ? 'bind-denied' : 'other',
    evidence: [describeRefusal(refusal), ...describeState(state, refusal, now)],
    explains: ['config'],
  };
}
