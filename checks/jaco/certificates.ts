import { check } from '../../src/engine/check.ts';
import { type Finding, judged, type NotJudged, notJudgedBecause } from '../../src/engine/finding.ts';
import { factOf, type Outcome } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { acmePolicy } from '../../src/probes/jaco/ingress/acme-policy.ts';
import { type AutomaticDomains, automaticDomains } from '../../src/probes/jaco/ingress/automatic-domains.ts';
import { type ChallengeAnswers, challengeAnswers } from '../../src/probes/jaco/ingress/challenge-answers.ts';
import { domainAddresses } from '../../src/probes/jaco/ingress/domain-addresses.ts';
import { type ServedCertificates, servedCertificates } from '../../src/probes/jaco/ingress/served-certificates.ts';
import { acmeLines } from '../../src/probes/jaco/journal/acme-lines.ts';
import { proxyLines } from '../../src/probes/jaco/journal/proxy-lines.ts';
import { livenessOf, peerName } from '../../src/probes/jaco/raft/peer-answer.ts';
import { peerStatuses } from '../../src/probes/jaco/raft/peer-status.ts';
import { challengePath, isRefused } from './certificates/challenge-path.ts';
import { type DomainView, isGood, type NodeView, nodeName, youngSince } from './certificates/domain-view.ts';
import { domainViews } from './certificates/domain-views.ts';
import { type DomainIds, judgeDomain } from './certificates/judge-domain.ts';
import { mergeFindings } from './certificates/merge-findings.ts';
import { nodeState } from './certificates/node-states.ts';

type CheckFinding = Finding<'acme_challenge_intercepted' | DomainIds, never>;

const FINDS = [
  'acme_challenge_intercepted',
  'cert_failed',
  'cert_expired',
  'cert_name_mismatch',
  'cert_not_issued',
  'cert_staging_stuck',
  'cert_not_served',
  'cert_expiring',
] as const satisfies readonly CheckFinding['id'][];

export default check({
  name: 'certificates',
  group: 'ingress',
  where: 'anywhere',
  title: 'every node serves a valid certificate for each domain with tls: auto',
  reads: {
    domains: automaticDomains,
    served: servedCertificates,
    challenge: attempt(challengeAnswers),
    lines: attempt(acmeLines),
    policy: attempt(acmePolicy),
    proxy: attempt(proxyLines),
    addresses: attempt(domainAddresses),
    peers: attempt(peerStatuses),
  },
  finds: FINDS,
  judge({ domains, served, challenge, lines, policy, proxy, addresses, peers }, now) {
    const dead = new Set((factOf(peers)?.peers ?? []).filter((peer) => livenessOf(peer) === 'dead').map(peerName));
    const known = factOf(policy);
    const refused = (factOf(proxy)?.refusal ?? null) !== null;
    const asked = factOf(challenge)?.nodes ?? [];
    const closed = new Set(asked.filter(({ answer }) => isRefused(answer)).map(({ node }) => node.hostname));
    const facts = { domains, served, lines, policy: known, refused, addresses: factOf(addresses), dead, closed, now };
    const views = domainViews(facts);
    const domainResults = views.map(judgeDomain);
    const speechless = speechlessNodes(views);
    const states = speechless.map(({ at, view }) =>
      nodeState(at, view.domain.domain, {
        policy: known,
        refused,
        young: views.every((one) => youngSince(one) !== null),
      }),
    );
    const findings = [...domainResults, ...states].flatMap((one): readonly CheckFinding[] => one.findings);
    const path = challengeResult(challenge, speechless, findings.length === 0);
    const merged = mergeFindings<CheckFinding['id']>([...path.findings, ...findings], FINDS);
    return judged<CheckFinding['id']>(merged.findings, {
      evidence: [...describeServed(views, served), ...path.evidence],
      notes: [
        ...[...domainResults, ...states].flatMap(({ notes }) => notes).slice(0, 20),
        ...merged.notes,
        ...describeOutside(served),
      ],
      notJudged: [...unjudgedNodes(views), ...unasked(domains, served), ...path.notJudged],
    });
  },
});

/** Nodes on which the proxy of JACO speaks no TLS, each with a domain that they were asked for. */
function speechlessNodes(
  views: readonly DomainView[],
): readonly { readonly at: NodeView; readonly view: DomainView }[] {
  const found = new Map<string, { readonly at: NodeView; readonly view: DomainView }>();
  for (const view of views)
    for (const at of view.nodes)
      if (['refused', 'plain-http', 'not-tls', 'foreign'].includes(at.verdict.kind) && !found.has(at.node.hostname))
        found.set(at.node.hostname, { at, view });
  return [...found.values()];
}

function challengeResult(
  challenge: Outcome<ChallengeAnswers>,
  speechless: readonly { readonly at: NodeView }[],
  harmless: boolean,
): ReturnType<typeof challengePath> {
  const answers = factOf(challenge);
  if (answers !== null) {
    // A closed :443 beside a closed :80 is one fault of the node. Without ACME, the challenge path belongs to the
    // application.
    const without = speechless.filter(({ at }) => at.verdict.kind !== 'not-tls');
    return challengePath(answers, new Set(without.map(({ at }) => at.node.hostname)), harmless);
  }
  const notJudged: readonly NotJudged[] =
    challenge.kind === 'failed' ? [notJudgedBecause('challenge path', challenge.failure)] : [];
  return { findings: [], evidence: [], notJudged };
}

function describeServed(views: readonly DomainView[], { nodes }: ServedCertificates): readonly string[] {
  const good = views.filter(({ nodes: at }) => at.length > 0 && at.every(isGood)).length;
  const count = `${good} of ${views.length} domain${views.length === 1 ? '' : 's'}`;
  const asked = nodes.length === 1 ? 'node' : `${nodes.length} nodes`;
  return [`valid certificates are served for ${count} by the ${asked} ${nodes.slice(0, 5).map(nodeName).join(', ')}`];
}

function describeOutside({ nodes }: ServedCertificates): readonly string[] {
  return nodes.some(({ node }) => node.by === 'given' || node.by === 'listed')
    ? ['certificates and the challenge path were seen from here: other clients may reach other servers']
    : [];
}

/** A node that cannot be judged is listed once, with the reason for its first domain. */
function unjudgedNodes(views: readonly DomainView[]): readonly NotJudged[] {
  const reasons = new Map<string, NotJudged>();
  for (const { nodes } of views)
    for (const at of nodes)
      if (at.verdict.kind === 'unjudged' && !reasons.has(at.address))
        reasons.set(at.address, {
          subject: `ingress of ${nodeName(at)}`,
          reason: at.verdict.reason,
          next: { kind: 'on-node', node: at.node.hostname },
        });
  return [...reasons.values()];
}

/** Domains left out because there are too many only make this a sample, if each domain was asked for at some node. */
function unasked({ list, omitted }: AutomaticDomains, { nodes }: ServedCertificates): readonly NotJudged[] {
  const asked = new Set(nodes.flatMap(({ answers }) => answers.map(({ domain }) => domain)));
  const left = list.length - list.filter(({ domain }) => asked.has(domain)).length + omitted;
  return left === 0
    ? []
    : [
        {
          subject: `${left} more domains`,
          reason: `${asked.size} domains are asked for in one run`,
          next: { kind: 'by-hand' },
        },
      ];
}
