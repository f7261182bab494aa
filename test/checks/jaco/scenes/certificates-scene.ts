import { jaco } from '../../../../checks/jaco.ts';
import { type Failure, notApplicable, type Outcome, value } from '../../../../src/engine/outcome.ts';
import type { Row } from '../../../../src/engine/row.ts';
import type { AcmePolicy } from '../../../../src/probes/jaco/ingress/acme-policy.ts';
import type { AutomaticDomain } from '../../../../src/probes/jaco/ingress/automatic-domains.ts';
import type { ChallengeAnswer } from '../../../../src/probes/jaco/ingress/challenge-answers.ts';
import type { DomainAddresses } from '../../../../src/probes/jaco/ingress/domain-addresses.ts';
import type { IngressNode } from '../../../../src/probes/jaco/ingress/ingress-nodes.ts';
import type { CertificateAnswer, ServedLeaf } from '../../../../src/probes/jaco/ingress/served-certificates.ts';
import type { AcmeLines, DomainLines } from '../../../../src/probes/jaco/journal/acme-lines.ts';
import type { LoadRefusal } from '../../../../src/probes/jaco/journal/proxy-lines.ts';
import { judgeFacts, outcomeOf } from '../../scene.ts';

export const NOW = Date.parse('2026-11-29T12:00:00Z');
export const MINUTE = 60_000;
export const DAY = 86_400_000;
const LETS_ENCRYPT = 'https://acme-v02.api.letsencrypt.org/directory';

type LeafOptions = Partial<ServedLeaf> & {
  /** Days from now until its start (mostly negative) and until its end. */
  readonly days?: readonly [number, number];
  readonly state?: 'public' | 'self-signed' | 'private' | 'open';
  readonly inOrder?: boolean;
  readonly length?: number;
};

/** A chain for shop.test as Let's Encrypt issues one, ten days old. */
export function chain({
  days: [from, to] = [-10, 80],
  state = 'public',
  ...given
}: LeafOptions = {}): CertificateAnswer {
  const { inOrder = true, length = 2, ...leaf } = given;
  return {
    kind: 'chain',
    ms: 4,
    chain: {
      kind: 'read',
      state,
      inOrder,
      length,
      root: 'ISRG Root X1',
      leaf: {
        subject: 'shop.test',
        issuer: 'E7',
        issuerOrganization: "Let's Encrypt",
        dnsNames: ['shop.test'],
        covers: true,
        notBeforeMs: NOW + from * DAY,
        notAfterMs: NOW + to * DAY,
        key: 'ec',
        fingerprint: `${from}:${to}`,
        ...leaf,
      },
    },
  };
}

export const STAGING = {
  issuer: '(STAGING) Puzzling Parsnip E7',
  issuerOrganization: "(STAGING) Let's Encrypt",
  state: 'open',
} as const;
export const NO_CERTIFICATE: CertificateAnswer = { kind: 'alert', code: 80, ms: 2 };

/** The proxy's answer to an unknown challenge. */
const PROXY_404: ChallengeAnswer = {
  kind: 'answer',
  status: 404,
  server: 'Caddy',
  location: null,
  body: '404 page not found',
};

/** A domain whose deployment was applied a day ago, and for which nothing is stored. */
export function domain(given: Partial<AutomaticDomain> = {}): AutomaticDomain {
  return { domain: 'shop.test', deployment: 'shop', appliedAtMs: NOW - DAY, state: null, ...given };
}

export const stored = (days: number, environment: 'prod' | 'staging' = 'prod') =>
  ({ domain: 'shop.test', environment, notAfterMs: NOW + days * DAY }) as const;

export function lines(given: Partial<DomainLines> = {}): DomainLines {
  return {
    domain: 'shop.test',
    refusal: null,
    obtained: null,
    orderedAtMs: null,
    retryAtMs: null,
    lockedAtMs: null,
    promotedAtMs: null,
    windowExpired: null,
    ...given,
  };
}

export type CertificatesScene = {
  readonly domains?: readonly AutomaticDomain[];
  /** By hostname: the answers of its :443 for each domain; a single answer is for all. */
  readonly nodes?: {
    readonly [hostname: string]: CertificateAnswer | { readonly [domain: string]: CertificateAnswer };
  };
  readonly by?: { readonly [hostname: string]: IngressNode['by'] };
  readonly challenge?: { readonly [hostname: string]: ChallengeAnswer } | Failure;
  readonly lines?: readonly DomainLines[] | Failure;
  readonly complete?: boolean;
  readonly policy?: Partial<AcmePolicy> | null;
  /** Why the proxy of this node rejects its configuration. */
  readonly refusal?: LoadRefusal;
  readonly addresses?: DomainAddresses['list'];
  readonly dead?: readonly string[];
  readonly mode?: 'node' | 'anywhere';
  readonly omitted?: number;
  /** The run's clock, in ms since the epoch. */
  readonly now?: number;
};

const CERTIFICATES = { ...jaco, order: jaco.order.filter(({ check }) => check.name === 'certificates') };

/** The row of the check over a scene: by default only jaco-1 serves a good certificate for shop.test. */
export function judgeCertificates(scene: CertificatesScene = {}): Row | undefined {
  const {
    domains = [domain({ state: stored(80) })],
    nodes = { 'jaco-1': chain() },
    mode = 'node',
    complete = true,
  } = scene;
  const served = Object.entries(nodes).map(([hostname, answer], index) => {
    const node = nodeOf(hostname, index, scene);
    const answers = domains.flatMap(({ domain: name }) => {
      const one = 'kind' in answer ? (answer as CertificateAnswer) : answer[name];
      return one === undefined ? [] : [{ domain: name, answer: one }];
    });
    return { node, address: `${node.host}:443`, omitted: domains.length - answers.length, answers };
  });
  const remote = mode === 'anywhere' ? notApplicable('visible only on the node itself') : null;
  const given: { readonly [name: string]: Outcome } = {
    'jaco.automatic-domains': value({ list: domains, omitted: scene.omitted ?? 0 }),
    'jaco.served-certificates': value({ nodes: served }),
    'jaco.challenge-answers': challengeOutcome(scene, Object.keys(nodes), domains[0]?.domain ?? ''),
    'jaco.acme-lines': remote ?? linesOutcome(scene.lines ?? [], complete),
    'jaco.acme-policy': remote ?? policyOutcome(scene.policy),
    'jaco.proxy-lines': remote ?? value({ seen: true, loadedAtMs: null, refusal: scene.refusal ?? null }),
    'jaco.domain-addresses': remote ?? value({ server: '192.0.2.53:53', list: scene.addresses ?? [] }),
    'jaco.peer-status': value({ peers: (scene.dead ?? []).map(deadPeer), omitted: 0, localAgain: null }),
  };
  return judgeFacts(CERTIFICATES, given, { now: scene.now ?? NOW, mode })['certificates'];
}

function nodeOf(hostname: string, index: number, { by, mode }: CertificatesScene): IngressNode {
  const standard = mode === 'anywhere' ? 'given' : index === 0 ? 'own' : 'member';
  return { hostname, host: `10.0.0.${index + 1}`, by: by?.[hostname] ?? standard };
}

function challengeOutcome(scene: CertificatesScene, hostnames: readonly string[], name: string): Outcome {
  const { challenge = {} } = scene;
  if ('why' in challenge) return outcomeOf(challenge);
  const nodes = hostnames.map((hostname, index) => {
    const node = nodeOf(hostname, index, scene);
    return { node, address: `${node.host}:80`, domain: name, answer: challenge[hostname] ?? PROXY_404 };
  });
  return value({ nodes });
}

function linesOutcome(given: readonly DomainLines[] | Failure, complete: boolean): Outcome<AcmeLines> {
  if ('why' in given) return { kind: 'failed', failure: given };
  return value({ complete, settings: null, domains: given });
}

function policyOutcome(given: CertificatesScene['policy']): Outcome {
  if (given === null) return outcomeOf({ why: 'denied', phase: 'read', detail: 'denied', root: 'jaco.config' });
  const standard: AcmePolicy = {
    enabled: true,
    ca: LETS_ENCRYPT,
    authority: 'lets-encrypt',
    skipStaging: false,
    from: 'log',
  };
  return value({ ...standard, ...given });
}

function deadPeer(hostname: string) {
  return {
    hostname,
    grpcAddress: '10.0.0.2:7000',
    guessed: false,
    raftAddress: '10.0.0.2:7001',
    voter: true,
    rival: false,
    by: 'member',
    connect: { kind: 'error', code: 'ECONNREFUSED', ms: 1 },
    tlsFault: null,
    answer: { kind: 'failure', why: 'refused', phase: 'connect', code: 'ECONNREFUSED', detail: 'refused', grpc: null },
  } as const;
}
