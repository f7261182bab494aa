import { formatTime } from '../../../src/engine/format.ts';
import type { ServedCertificates, ServedLeaf } from '../../../src/probes/jaco/ingress/served-certificates.ts';
import type { JournalEntry } from '../../../src/probes/jaco/journal/journal-entry.ts';
import { PRODUCTION_WINDOW_MS } from '../../../src/probes/jaco/timing.ts';
import { journalSinceStart } from './journal-since-start.ts';
import { type Sign, signature } from './signature.ts';

/** Promotions of one domain that are less than this apart, in ms, are one loop; #154 promotes every 10 s. */
const LOOP_MS = 60_000;
/** A follower loads an issued certificate within this time, in ms (docs/jaco-daemon/releases.md#known-issues). */
const LOADED_AFTER_MS = 30_000;
/**
 * The TLS alert with which the proxy reports that it has no certificate: internal_error
 * (docs/jaco-daemon/ingress.md#certificate-state).
 */
const NO_CERTIFICATE = 80;

/** #154: one domain is promoted repeatedly. */
export const repeatedPromotion = signature(['journal', 'certificates'], ({ journal, certificates }) =>
  certificates.list.flatMap(({ domain, environment }): readonly Sign[] => {
    const promoted = promotionsOf(domain, journal.entries);
    const close = promoted.filter(({ atMs }, index) => atMs - (promoted[index - 1]?.atMs ?? 0) < LOOP_MS);
    if (environment !== 'staging' || close.length === 0) return [];
    const last = formatTime(promoted.at(-1)?.atMs ?? null);
    return [
      sign(
        domain,
        `the journal reports the promotion of ${domain} ${promoted.length} times, the last at ${last}`,
        stagingImpact(domain),
      ),
    ];
  }),
);

/** #158: the domain was promoted once, its staging copies were not removed, and this node serves one of them. */
export const stagingLeafNotCleared = signature(['journal', 'served'], ({ journal, served }, now) => {
  const lines = journalSinceStart(journal);
  return lines === null ? [] : stagingLeaves(served, lines, false, now);
});

/** #163: the staging copies were removed, and this node still serves the one in its cache. */
export const stagingLeafAfterClearing = signature(['journal', 'served'], ({ journal, served }, now) => {
  const lines = journalSinceStart(journal);
  return lines === null ? [] : stagingLeaves(served, lines, true, now);
});

/** #147: JACO's state is staging, and this node serves a production certificate. */
export const stagingStateOnly = signature(['certificates', 'served'], ({ certificates, served }) =>
  certificates.list.flatMap(({ domain, environment }): readonly Sign[] => {
    const leaf = ownLeaf(served, domain);
    // Later releases do the same for a domain that has the word "staging" in its name.
    if (environment !== 'staging' || leaf === null || isStaging(leaf) || domain.includes('staging')) return [];
    return [
      sign(
        domain,
        `the state of ${domain} is staging, and this node serves a certificate of ${issuerOf(leaf)}`,
        `Only the status of ${domain} is wrong. Clients get the production certificate.`,
      ),
    ];
  }),
);

/** #188: a follower waited for the leader's order and did not load the certificate, which another node serves. */
export const followerWithoutCertificate = signature(
  ['served', 'acme', 'cluster', 'host'],
  ({ served, acme, cluster, host }, now) => {
    if (isLeader(cluster.last.leader, host.raftAddress)) return [];
    const own = served.nodes.find(({ node }) => node.by === 'own');
    return (own?.answers ?? []).flatMap(({ domain, answer }): readonly Sign[] => {
      const lockedAtMs = acme.domains.find((one) => one.domain === domain.toLowerCase())?.lockedAtMs ?? null;
      const other = served.nodes.find(({ node, answers }) => node.by === 'member' && leafIn(answers, domain) !== null);
      const isBare = answer.kind === 'alert' && answer.code === NO_CERTIFICATE;
      if (!isBare || other === undefined || lockedAtMs === null || now - lockedAtMs < LOADED_AFTER_MS) return [];
      return [
        {
          about: host.hostname,
          evidence: [
            `${other.node.hostname} serves a certificate for ${domain}, and this node has none; it waited for the order at ${formatTime(lockedAtMs)}`,
          ],
          impact: `HTTPS for ${domain} fails on ${host.hostname}.`,
          madeAtMs: null,
        },
      ];
    });
  },
);

/** #182: this node promoted a domain although it was never the leader since its start. */
export const followerPromotes = signature(['journal', 'cluster', 'host'], ({ journal, cluster, host }) => {
  const lines = journalSinceStart(journal);
  if (lines === null || isLeader(cluster.last.leader, host.raftAddress)) return [];
  if (lines.some(({ message }) => /raft leadership acquired|entering leader state/.test(message))) return [];
  const last = lines.findLast(isPromotion);
  const domain = last?.fields['DOMAIN'];
  if (last === undefined || domain === undefined) return [];
  return [
    sign(
      domain,
      `this node has not led since its start, and promoted ${domain} at ${formatTime(last.atMs)}`,
      `The certificate of ${domain} can be missing until the next order.`,
    ),
  ];
});

/** #174: two catch-all routes of one domain lead to different services. */
export const twoCatchAlls = signature(['routes', 'deployments'], ({ routes, deployments }) => {
  const isCatchAll = (path: string): boolean => path === '' || path === '/';
  const domains = [...new Set(routes.list.map(({ domain }) => domain))];
  return domains.flatMap((domain): readonly Sign[] => {
    const own = routes.list.filter((one) => one.domain === domain && isCatchAll(one.path));
    if (new Set(own.map(({ deployment, service }) => `${deployment}/${service}`)).size < 2) return [];
    const stored = deployments.list.filter(({ name }) => own.some(({ deployment }) => deployment === name));
    const times = stored.flatMap(({ updatedAtMs }) => (updatedAtMs === null ? [] : [updatedAtMs]));
    const list = own.map(({ path, deployment, service }) => `path ${JSON.stringify(path)} to ${deployment}/${service}`);
    const without = own.filter(({ path }) => path === '').map(({ deployment, service }) => `${deployment}/${service}`);
    return [
      {
        about: domain,
        evidence: [
          `${domain} has ${own.length} catch-all routes: ${list.join(', ')}; only the route with path "/" gets requests`,
        ],
        impact: `${without.join(', ')} gets no request for ${domain}.`,
        madeAtMs: times.length === 0 ? null : Math.max(...times),
      },
    ];
  });
});

function stagingLeaves(
  served: ServedCertificates,
  lines: readonly JournalEntry[],
  cleared: boolean,
  now: number,
): readonly Sign[] {
  const own = served.nodes.find(({ node }) => node.by === 'own');
  return (own?.answers ?? []).flatMap(({ domain }): readonly Sign[] => {
    const leaf = ownLeaf(served, domain);
    const [promoted, ...others] = promotionsOf(domain, lines);
    if (leaf === null || !isStaging(leaf) || promoted === undefined || others.length > 0) return [];
    if (now - promoted.atMs < PRODUCTION_WINDOW_MS || cleared !== lines.some((line) => isClearing(line, domain)))
      return [];
    return [
      sign(
        domain,
        `${domain} was promoted at ${formatTime(promoted.atMs)}, ${cleared ? 'its staging copies were removed' : 'no line says that its staging copies were removed'}, and this node serves a certificate of ${issuerOf(leaf)}`,
        stagingImpact(domain),
      ),
    ];
  });
}

function stagingImpact(domain: string): string {
  return `Browsers refuse ${domain}, because its certificate is from a staging authority.`;
}

/** The lines of docs/jaco-daemon/ingress.md#stage-first. */
function isPromotion({ message }: JournalEntry): boolean {
  return message.startsWith('staging self-check passed; promoting to prod');
}

function isClearing({ message, fields }: JournalEntry, domain: string): boolean {
  return message.startsWith('cleared staging cert blobs') && (fields['DOMAIN'] ?? domain) === domain;
}

function promotionsOf(domain: string, lines: readonly JournalEntry[]): readonly JournalEntry[] {
  return lines.filter((line) => isPromotion(line) && line.fields['DOMAIN'] === domain);
}

type Answers = ServedCertificates['nodes'][number]['answers'];

function leafIn(answers: Answers, domain: string): ServedLeaf | null {
  const answer = answers.find((one) => one.domain === domain)?.answer;
  return answer?.kind === 'chain' && answer.chain.kind === 'read' ? answer.chain.leaf : null;
}

function ownLeaf({ nodes }: ServedCertificates, domain: string): ServedLeaf | null {
  return leafIn(nodes.find(({ node }) => node.by === 'own')?.answers ?? [], domain);
}

function isLeader(leader: string, raftAddress: string | null): boolean {
  return leader !== '' && leader === raftAddress;
}

/** The issuer of a staging certificate has STAGING in its name (docs/jaco-daemon/ingress.md#certificate-state). */
function isStaging(leaf: ServedLeaf): boolean {
  return issuerOf(leaf).includes('(STAGING)');
}

function issuerOf({ issuer, issuerOrganization }: ServedLeaf): string {
  return [issuerOrganization, issuer].filter((one) => one !== null).join(' ') || 'an issuer without a name';
}

function sign(about: string, evidence: string, impact: string): Sign {
  return { about, evidence: [evidence], impact, madeAtMs: null };
}
