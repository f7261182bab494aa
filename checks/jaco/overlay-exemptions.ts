import { check } from '../../src/engine/check.ts';
import { type Finding, judged, pass } from '../../src/engine/finding.ts';
import { factOf } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { waitNote } from '../../src/engine/wait-note.ts';
import { dockerUnit } from '../../src/probes/docker/unit.ts';
import { covers, rangeOf, rangeText } from '../../src/probes/host/ipv4.ts';
import type { Ruleset } from '../../src/probes/host/ruleset.ts';
import { jacodProcess } from '../../src/probes/jaco/daemon/jacod-process.ts';
import { exemptionErrors, stillFails } from '../../src/probes/jaco/isolation/exemption-errors.ts';
import { type Exemption, exemptions } from '../../src/probes/jaco/isolation/exemptions.ts';
import { isolationExpected } from '../../src/probes/jaco/isolation/isolation-expected.ts';
import { iptables, ruleset } from '../../src/probes/jaco/network/daemon-host-facts.ts';
import { localNetworks } from '../../src/probes/jaco/network/local-networks.ts';
import { stableStatus } from '../../src/probes/jaco/raft/stable-status.ts';
import { isWithinReconcile } from '../../src/probes/jaco/timing.ts';
import { exemptionCause } from './overlay-exemptions/exemption-cause.ts';

type CheckFinding = Finding<'overlay_exemption_missing', never>;

export default check({
  name: 'overlay-exemptions',
  group: 'isolation',
  where: 'node',
  title: "container traffic between nodes is accepted by Docker's rules",
  reads: {
    expected: isolationExpected,
    exemptions,
    iptables,
    ruleset: attempt(ruleset),
    docker: attempt(dockerUnit),
    networks: attempt(localNetworks),
    process: attempt(jacodProcess),
    settled: attempt(stableStatus),
    errors: attempt(exemptionErrors),
  },
  finds: ['overlay_exemption_missing'],
  judge(
    { expected, exemptions: { chains, pool, variant }, iptables, ruleset, docker, networks, process, settled, errors },
    now,
  ) {
    const local = factOf(networks)?.list ?? [];
    const faults = chains.filter(isFault);
    const outside = local.filter(({ subnet }) => !covers([rangeOf(pool) ?? [0, 0]], subnet));
    const oneMember =
      (factOf(settled)?.last.nodes.length ?? 0) === 1
        ? ['this cluster has one member: no traffic is affected until a second one joins']
        : [];
    const evidence = [`JACO's rules for ${pool} come before Docker's in iptables (${variant})`];
    const notes = [
      ...chains.filter(({ state, harmful }) => state === 'below' && harmful.length === 0).map(describeDisplaced),
      ...chains.filter(({ state }) => state === 'behind-drop').map(describeDrop),
      ...chains
        .filter(({ state }) => state === 'not-needed')
        .map(
          ({ chain }) =>
            `${chain} has no exemption of JACO, but no rule of this host drops or translates traffic between nodes`,
        ),
    ];
    const poolChanged: readonly CheckFinding[] =
      outside.length === 0
        ? []
        : [
            {
              id: 'overlay_exemption_missing',
              subject: null,
              evidence: [
                ...outside
                  .slice(0, 5)
                  .map(
                    ({ name, subnet }) =>
                      `network ${name} is ${rangeText(subnet)}, outside of ipam_pool ${pool} that the exemptions are made for`,
                  ),
                ...oneMember,
              ],
              cause: 'pool-changed',
            },
          ];
    const ignoredRules = dockerNftables(factOf(ruleset));
    if (ignoredRules !== null)
      return judged([{ ...ignoredRules, evidence: [...ignoredRules.evidence, ...oneMember] }, ...poolChanged], {
        notes,
      });
    if (faults.length === 0)
      return poolChanged.length === 0 ? pass(evidence, { notes }) : judged(poolChanged, { notes });
    const due = expected.daemon === 'not-running' || expected.firstByMs === null || expected.firstByMs <= now;
    const young = isWithinReconcile(factOf(networks)?.newestAtMs ?? null, now);
    const uid = factOf(process)?.main?.uid ?? null;
    const log = factOf(errors);
    const error = log !== null && stillFails(log, factOf(settled)?.last.raftIndex ?? '0') ? log.last : null;
    const cause = exemptionCause(faults, iptables, factOf(docker), uid, expected.daemon === 'compares', error);
    // If it has failed already, waiting does not help. The audit log names no node, so an entry is from this node only
    // if there is one member.
    const hasFailed = cause.name.startsWith('xtables-lock') || (error !== null && oneMember.length > 0);
    if (!due && !hasFailed)
      return judged(poolChanged, {
        notes: [
          ...notes,
          waitNote('not all exemptions from Docker rules exist yet: jacod writes them within 30 s after its start'),
        ],
      });
    // Docker inserts its rules for a new network above the exemptions (docs/jaco-daemon/isolation.md#companion-rules).
    if (young && !hasFailed && faults.every(({ state }) => state === 'below'))
      return judged(poolChanged, {
        notes: [
          ...notes,
          waitNote(
            'Docker put the rules of a new network above the exemptions of JACO: jacod corrects the order within 30 s',
          ),
        ],
      });
    return judged(
      [
        {
          id: 'overlay_exemption_missing',
          subject: null,
          evidence: [
            ...faults.flatMap(describeFault),
            ...cause.evidence,
            ...(cause.name.startsWith('docker-') ? [] : oneMember),
          ],
          cause: cause.name,
        } satisfies CheckFinding,
        ...poolChanged,
      ],
      { notes },
    );
  },
});

function isFault({ state, harmful }: Exemption): boolean {
  return state === 'below' ? harmful.length > 0 : ['no-chain', 'unreached', 'missing'].includes(state);
}

function describeDisplaced({ chain }: Exemption): string {
  return `JACO's rules in ${chain} are not first; the rules above them do not affect the pool, and the daemon puts its rules first again within 30 s`;
}

/** container-traffic reports the drop together with the lost traffic. */
function describeDrop({ chain, harmful }: Exemption): string {
  const more = harmful.length > 1 ? ` and ${harmful.length - 1} more` : '';
  return `above JACO's rules in ${chain} is a rule of other software that drops packets: ${harmful[0] ?? ''}${more}; check container-traffic judges it`;
}

function describeFault({ chain, state, harmful }: Exemption): readonly string[] {
  if (state === 'no-chain') return [`chain ${chain}, which Docker creates at its start, does not exist`];
  if (state === 'unreached')
    return [`chain ${chain} exists, but FORWARD no longer jumps to it: Docker's rules were flushed`];
  if (state === 'missing') return [`${chain} lacks JACO's rules for the pool`];
  return [
    `above JACO's rules in ${chain}: ${harmful[0] ?? ''}${harmful.length > 1 ? ` and ${harmful.length - 1} more` : ''}`,
  ];
}

/** Docker's own table with firewall-backend nftables, from Docker 29 on (docs.docker.com, "Docker with nftables"). */
const TABLE = 'docker-bridges';

/**
 * With this backend, Docker drops traffic from other nodes in its own table, and no accept rule of iptables overrides
 * that. The chain DOCKER-USER may still exist from before. Null if Docker uses iptables, or if that was not seen.
 */
function dockerNftables(ruleset: Ruleset | null): Finding<'overlay_exemption_missing', never> | null {
  if (ruleset?.tables.some(({ family, name }) => family === 'ip' && name === TABLE) !== true) return null;
  const evidence = [
    `Docker keeps its rules in table ip ${TABLE} (firewall-backend nftables), which drops what JACO accepts in the iptables chains`,
  ];
  return { id: 'overlay_exemption_missing', subject: null, evidence, cause: 'docker-nftables' };
}
