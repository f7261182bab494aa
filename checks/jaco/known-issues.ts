import { releaseData } from '../../src/catalog/generated/releases.ts';
import { check } from '../../src/engine/check.ts';
import { judged, type NotJudged } from '../../src/engine/finding.ts';
import { factOf, notApplicable } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { dockerContainers } from '../../src/probes/docker/containers.ts';
import { dataDir } from '../../src/probes/jaco/daemon/data-dir.ts';
import { jacodProcess } from '../../src/probes/jaco/daemon/jacod-process.ts';
import { unit } from '../../src/probes/jaco/daemon/unit.ts';
import { certificateStates } from '../../src/probes/jaco/ingress/certificate-states.ts';
import { routes } from '../../src/probes/jaco/ingress/routes.ts';
import { servedCertificates } from '../../src/probes/jaco/ingress/served-certificates.ts';
import { nftTable } from '../../src/probes/jaco/isolation/nft-table.ts';
import { acmeLines } from '../../src/probes/jaco/journal/acme-lines.ts';
import { journal } from '../../src/probes/jaco/journal/journal.ts';
import { runningRelease } from '../../src/probes/jaco/journal/running-release.ts';
import { upstreamAnswers } from '../../src/probes/jaco/network/upstream-answers.ts';
import { leaderRelease } from '../../src/probes/jaco/raft/leader-release.ts';
import { localNode } from '../../src/probes/jaco/raft/local-node.ts';
import { peerStatuses } from '../../src/probes/jaco/raft/peer-status.ts';
import { stableStatus } from '../../src/probes/jaco/raft/stable-status.ts';
import { changedEnvironment } from '../../src/probes/jaco/runtime/changed-environment.ts';
import { deployments } from '../../src/probes/jaco/runtime/deployments.ts';
import { manifests } from '../../src/probes/jaco/runtime/manifests.ts';
import { registryCredentials } from '../../src/probes/jaco/runtime/registry-credentials.ts';
import { replicas } from '../../src/probes/jaco/runtime/replicas.ts';
import { issueFinding } from './known-issues/issue-finding.ts';
import { issueNotes } from './known-issues/issue-notes.ts';
import { type IssueVerdict, judgeIssue } from './known-issues/judge-issue.ts';
import { upgradeBlocker } from './known-issues/upgrade-blocker.ts';

export default check({
  name: 'known-issues',
  group: 'releases',
  where: 'anywhere',
  title: 'no known issue of this release is present',
  reads: {
    node: runningRelease,
    leader: leaderRelease,
    containers: attempt(dockerContainers),
    deployments: attempt(deployments),
    replicas: attempt(replicas),
    manifests: attempt(manifests),
    registries: attempt(registryCredentials),
    environment: attempt(changedEnvironment),
    cluster: attempt(stableStatus),
    peers: attempt(peerStatuses),
    host: attempt(localNode),
    table: attempt(nftTable),
    upstreams: attempt(upstreamAnswers),
    journal: attempt(journal),
    acme: attempt(acmeLines),
    certificates: attempt(certificateStates),
    served: attempt(servedCertificates),
    routes: attempt(routes),
    unit: attempt(unit),
    data: attempt(dataDir),
    process: attempt(jacodProcess),
  },
  finds: ['known_issue'],
  applies: ({ process }) => process.kind !== 'value' || process.value.main !== null || 'no jacod runs here',
  judge(
    {
      node,
      leader,
      containers,
      deployments,
      replicas,
      manifests,
      registries,
      environment,
      cluster,
      peers,
      host,
      table,
      upstreams,
      journal,
      acme,
      certificates,
      served,
      routes,
      unit,
      data,
      process,
    },
    now,
  ) {
    // Only #148 depends on it. Its other needs, Docker and the stored state, are judged with the other issues.
    const compared = environment.kind === 'failed' ? notApplicable(environment.failure.detail) : environment;
    const stored = { containers, deployments, replicas, manifests, registries, environment: compared };
    const daemon = { cluster, peers, host, journal, unit, data, process };
    const ingress = { acme, certificates, served, routes };
    const facts = { ...stored, ...daemon, ...ingress, table, upstreams };
    const verdicts = releaseData.issues.flatMap((issue) =>
      issue.kind === 'recognised' ? [judgeIssue(issue, { node, leader }, facts, now)] : [],
    );
    const waitReason = upgradeBlocker(facts, now);
    const hostname = factOf(host)?.hostname ?? null;
    return judged(
      verdicts
        .flatMap((one) => (one.kind === 'seen' ? [issueFinding(one, hostname, waitReason)] : []))
        .sort(failuresFirst),
      {
        evidence: [`this daemon: ${node.described}`, `the leader: ${leader.described}`],
        notes: issueNotes(verdicts, node),
        notJudged: issuesNotJudged(verdicts),
      },
    );
  },
});

type CheckFinding = ReturnType<typeof issueFinding>;

/** Within one severity, findings keep the order of releases.yaml. */
function failuresFirst(a: CheckFinding, b: CheckFinding): number {
  return Number(a.severity === 'warn') - Number(b.severity === 'warn');
}

/** Issues that may be present: those whose facts failed, grouped by reason, and those of an unknown release. */
function issuesNotJudged(verdicts: readonly IssueVerdict[]): readonly NotJudged[] {
  // An issue that is only log noise does not make the row unknown.
  const serious = verdicts.filter((one) => 'issue' in one && one.issue.severity === 'fail');
  const unread = serious.filter((one) => one.kind === 'not-judged');
  const roots = [...new Set(unread.map(({ root }) => root))];
  return [
    ...serious.flatMap((one) => (one.kind === 'maybe' ? [undecided(one)] : [])),
    ...roots.flatMap((root): readonly NotJudged[] => {
      const own = unread.filter((one) => one.root === root);
      const subject = own.map(({ issue }) => `#${issue.issue}`).join(', ');
      return own.slice(0, 1).map(({ reason, next }) => ({ subject, reason, next, root }));
    }),
  ];
}

function undecided({ issue, signs, by }: Extract<IssueVerdict, { kind: 'maybe' }>): NotJudged {
  const since = issue.since === null ? '' : `${issue.since} or later and `;
  const stale = by.maybeStale === null ? '' : `, and ${by.maybeStale}, so it may be an older one`;
  const seen = signs[0]?.evidence[0] ?? issue.title;
  return {
    subject: `#${issue.issue}`,
    reason: `${seen}; the release is not certain (${by.described})${stale}; if it is ${since}older than ${issue.fixed}, this is the issue`,
    next: { kind: 'run', argv: ['jacod', '--version'] },
  };
}
