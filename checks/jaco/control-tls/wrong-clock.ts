import { formatTime } from '../../../src/engine/format.ts';
import type { CertificateVerdict } from '../../../src/probes/jaco/control/certificate-verdict.ts';
import type { Member } from '../../../src/probes/jaco/control/status-fact.ts';
import type { TlsTarget } from '../../../src/probes/jaco/control/tls-target.ts';

type Leaf = Extract<TlsTarget['hello'], { kind: 'hello' }>['leaf'];

/** If two clocks differ by more than this, in ms, one of them is wrong. */
const CLOCK_SKEW_MS = 86_400_000;

/**
 * Why dates cannot be judged: the certificate is not valid at this host's time, but is valid at the heartbeats of
 * `others`, which another clock stamped. Null if no date is in question, or if the clocks agree.
 */
export function wrongClock(
  leaf: Leaf,
  verdict: CertificateVerdict,
  others: readonly Member[],
  now: number,
): string | null {
  if (verdict !== 'expired' && verdict !== 'not-yet-valid') return null;
  const beats = others.flatMap((node) => node.lastPressureAtMs ?? []);
  const newestBeat = beats.length === 0 ? null : Math.max(...beats);
  if (newestBeat === null || Math.abs(newestBeat - now) < CLOCK_SKEW_MS) return null;
  const holds = newestBeat >= (leaf.notBeforeMs ?? newestBeat) && newestBeat <= (leaf.notAfterMs ?? newestBeat);
  return holds
    ? `the certificate is not valid at this host's time (${formatTime(now)}), but is valid at the cluster's last heartbeat (${formatTime(newestBeat)}): one of the clocks is wrong`
    : null;
}
