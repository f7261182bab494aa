import type { Finding } from '../../../src/engine/finding.ts';
import { formatTime } from '../../../src/engine/format.ts';
import type { DaemonCapabilities } from '../../../src/probes/jaco/daemon/daemon-capabilities.ts';
import type { NftTable } from '../../../src/probes/jaco/isolation/nft-table.ts';
import { firewallError } from '../../../src/probes/jaco/journal/firewall-error.ts';
import type { FirewallLines } from '../../../src/probes/jaco/journal/firewall-lines.ts';
import { isWithinReconcile } from '../../../src/probes/jaco/timing.ts';

type Key = 'table' | 'ruleset' | 'iptables';
type Missing = Finding<'firewall_binary_missing', Key>;

/**
 * A program that the daemon needs and does not find. It looks for nft only at its start, for iptables every time
 * (docs/jaco-daemon/isolation.md#firewall-loop).
 */
export function missingProgram(
  reach: DaemonCapabilities | null,
  { skippedAtMs }: FirewallLines,
  table: NftTable | null,
): readonly Missing[] {
  const missing: Missing[] = [];
  const skipped =
    skippedAtMs === null
      ? []
      : [`the daemon found no nft at ${formatTime(skippedAtMs)} and has not managed the firewall since`];
  if (reach !== null && reach.programs.nft === null)
    missing.push(absent('nft', reach, skipped, table === null ? ['table', 'ruleset'] : []));
  else if (skippedAtMs !== null)
    missing.push({
      id: 'firewall_binary_missing',
      subject: 'nft',
      evidence: [...skipped, ...(reach?.programs.nft == null ? [] : [`${reach.programs.nft} exists now`])],
      cause: 'installed-since',
      values: { binary: 'nft' },
    });
  if (reach !== null && reach.programs.iptables === null) missing.push(absent('iptables', reach, [], ['iptables']));
  return missing;
}

function absent(
  binary: 'nft' | 'iptables',
  { path }: DaemonCapabilities,
  evidence: readonly string[],
  explains: readonly Key[],
): Missing {
  const whose = path.assumed ? "systemd's default PATH; the daemon's own could not be read" : "the daemon's PATH";
  return {
    id: 'firewall_binary_missing',
    subject: binary,
    evidence: [`no ${binary} in ${path.folders.join(':')} (${whose})`, ...evidence],
    cause: binary === 'nft' ? 'no-nft' : 'no-iptables',
    values: { binary },
    explains,
  };
}

/**
 * The kernel rejects nft when the daemon runs it. A rejection of the doctor's own call says nothing about the daemon.
 */
export function refusedToDaemon(
  reach: DaemonCapabilities | null,
  { listFailed, applyFailed }: FirewallLines,
  now: number,
): readonly Finding<'firewall_not_permitted', never>[] {
  const refused = [listFailed, applyFailed].find(
    (line) =>
      line !== null &&
      isWithinReconcile(line.atMs, now) &&
      ['not-permitted', 'load-not-permitted'].includes(firewallError(line.text)),
  );
  const powerless = reach?.netAdmin === false;
  if (!powerless && refused == null) return [];
  return [
    {
      id: 'firewall_not_permitted',
      subject: null,
      evidence: [
        ...(powerless ? ['the daemon has no CAP_NET_ADMIN (/proc/PID/status)'] : []),
        ...(refused == null ? [] : [`jacod logged at ${formatTime(refused.atMs)}: ${refused.text}`]),
      ],
      cause: powerless ? 'no-capability' : 'refused',
    },
  ];
}
