import type { Finding } from '../../../src/engine/finding.ts';
import { formatProcess } from '../../../src/engine/format.ts';
import { waitNote } from '../../../src/engine/wait-note.ts';
import type { Listener } from '../../../src/probes/host/listeners.ts';
import type { LoadState } from '../../../src/probes/jaco/ingress/load-state.ts';
import type { PortHolders } from '../../../src/probes/jaco/ingress/port-holders.ts';
import type { LoadRefusal, ProxyLines } from '../../../src/probes/jaco/journal/proxy-lines.ts';
import { INGRESS_RETRY_MS } from '../../../src/probes/jaco/timing.ts';
import { describeRefusal, describeState } from './describe-state.ts';

type CheckFinding = Finding<'ingress_port_conflict', 'config'>;

/** What the proxy has loaded, and the texts of a finding that differ because of it. */
type Seen = { readonly evidence: readonly string[]; readonly texts: Pick<CheckFinding, 'meaning' | 'impact'> };

const NOTHING_LOADED = {
  meaning:
    'If another program holds a port of the proxy, the proxy rejects its whole configuration. No earlier configuration is loaded.',
  impact: "This node serves no route and orders no certificate. JACO's own status shows no fault.",
};

/** The ports of the proxy that another program holds, and conflicts that are over. */
export function portConflicts(
  holders: readonly PortHolders[],
  { refusal }: ProxyLines,
  state: LoadState | null,
  now: number,
): { readonly findings: readonly CheckFinding[]; readonly notes: readonly string[] } {
  const busy = refusal?.busy ?? null;
  const isBusy = ({ protocol, port }: PortHolders): boolean => protocol === busy?.protocol && port === busy.port;
  const seen: Seen = {
    evidence: describeState(state, refusal, now),
    texts: state?.kind === 'none' ? NOTHING_LOADED : {},
  };
  const taken = holders
    .filter(({ others }) => others.length > 0)
    .map((one) =>
      conflict(one, one.daemon === true && !isBusy(one) ? 'shared' : 'held', isBusy(one) ? refusal : null, seen),
    );
  const refused = holders.find((one) => isBusy(one) && one.others.length === 0);
  if (refused === undefined || refusal === null) return { findings: taken, notes: [] };
  // Only root can see the holder of the socket, but the failed bind proves that there is one.
  if (refused.daemon === null) return { findings: [conflict(refused, 'held', refusal, seen), ...taken], notes: [] };
  if (now - refusal.atMs >= INGRESS_RETRY_MS)
    return { findings: [conflict(refused, 'freed', refusal, seen), ...taken], notes: [] };
  const note = waitNote(
    `${refused.protocol.toUpperCase()} ${refused.port} was held by another program until some seconds ago; the daemon loads the configuration at the next health report of a replica`,
  );
  return { findings: taken, notes: [note] };
}

function conflict(
  { protocol, port, others }: PortHolders,
  cause: 'held' | 'shared' | 'freed',
  refusal: LoadRefusal | null,
  seen: Seen,
): CheckFinding {
  const [first] = others;
  const holder = first?.program == null ? null : formatProcess(first.program, first.pid);
  return {
    id: 'ingress_port_conflict',
    subject: `${protocol.toUpperCase()} ${port}`,
    cause,
    values: { port: String(port), ...(holder === null ? {} : { holder }) },
    evidence: [
      ...(cause === 'freed' ? [`no other program listens on ${protocol.toUpperCase()} ${port} now`] : []),
      ...others.slice(0, 3).map(describeHolder),
      ...(cause === 'shared'
        ? [
            `jacod listens on ${protocol.toUpperCase()} ${port} as well, so the kernel divides the connections between both`,
          ]
        : []),
      ...(refusal === null ? [] : [describeRefusal(refusal)]),
      ...(cause === 'shared' ? [] : seen.evidence),
    ],
    ...(cause === 'shared' ? {} : { ...seen.texts, explains: ['config'] as const }),
  };
}

function describeHolder({ protocol, address, port, program, pid, uid }: Listener): string {
  const holder = program === null ? `a process of uid ${uid}, which only root can see` : formatProcess(program, pid);
  return `${protocol.toUpperCase()} ${address.includes(':') ? `[${address}]` : address}:${port} is held by ${holder}`;
}
