import type { AcmePolicy } from '../../../src/probes/jaco/ingress/acme-policy.ts';
import type {
  NodeCertificates,
  ServedChain,
  ServedLeaf,
} from '../../../src/probes/jaco/ingress/served-certificates.ts';
import { RENEWAL_DUE_SHARE, RENEWAL_OVERDUE_SHARE } from '../../../src/probes/jaco/timing.ts';

type CertificateAnswer = NodeCertificates['answers'][number]['answer'];

/** A certificate that clients accept. Times in ms since the epoch. */
export type GoodLeaf = {
  readonly kind: 'good';
  readonly leaf: ServedLeaf;
  /** When the proxy starts to renew it, and when the renewal is overdue. */
  readonly dueAtMs: number;
  readonly overdueAtMs: number;
  /** A harmless irregularity of it; null for none. */
  readonly note: string | null;
};

/** A certificate that clients refuse, although it is for the domain. */
export type BadLeaf = {
  readonly kind:
    | 'wrong-name'
    | 'staging'
    | 'expired'
    | 'not-yet-valid'
    | 'self-signed'
    | 'other-issuer'
    | 'no-intermediate';
  readonly leaf: ServedLeaf;
};

/**
 * The meaning of one node's answer for one domain. `none`: the proxy has no certificate for it. `unreadable`: no client
 * can parse the answer. `plain-http`, `not-tls`, `foreign` (the certificate of another program), `refused`: faults of the
 * node, not of the domain. `unjudged`: nothing can be concluded.
 */
export type Verdict =
  | GoodLeaf
  | BadLeaf
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable'; readonly why: string }
  | { readonly kind: 'plain-http' }
  | { readonly kind: 'not-tls'; readonly why: string }
  | { readonly kind: 'foreign'; readonly leaf: ServedLeaf }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unjudged'; readonly reason: string };

/**
 * A certificate that was issued while the doctor ran may begin later than the run's time, because not every authority
 * backdates it.
 */
const ISSUED_MEANWHILE_MS = 60_000;

/**
 * TLS alerts that mean that the server has no certificate for the name: internal_error (Caddy) and unrecognized_name.
 */
const NO_CERTIFICATE: readonly number[] = [80, 112];

/** Judges an answer at the time `now`, in ms since the epoch. The policy is null if it is unknown. */
export function verdictOf(answer: CertificateAnswer, policy: AcmePolicy | null, now: number): Verdict {
  switch (answer.kind) {
    case 'chain':
      return chainVerdict(answer.chain, policy, now);
    case 'alert':
      return NO_CERTIFICATE.includes(answer.code)
        ? { kind: 'none' }
        : { kind: 'not-tls', why: `ends the handshake with TLS alert ${answer.code}` };
    case 'not-tls':
      return answer.http ? { kind: 'plain-http' } : { kind: 'not-tls', why: 'does not speak TLS' };
    case 'closed':
      return { kind: 'not-tls', why: `${answer.reset ? 'resets' : 'closes'} the connection in the handshake` };
    case 'silent':
      return {
        kind: 'unjudged',
        reason: `connected, and the handshake ${answer.began ? 'was not completed' : 'got no answer'} within ${answer.ms} ms`,
      };
    case 'no-connection':
      if (answer.code === 'ECONNREFUSED') return { kind: 'refused' };
      return {
        kind: 'unjudged',
        reason: answer.code === null ? `no answer to a connect within ${answer.ms} ms` : `connect: ${answer.code}`,
      };
    case 'unresolved':
      return { kind: 'unjudged', reason: answer.detail };
  }
}

const UNREADABLE = {
  'not-a-certificate': 'its certificate is not a readable X.509 certificate',
  'trailing-data': 'its certificate is followed by trailing data',
} as const;

function chainVerdict(chain: ServedChain, policy: AcmePolicy | null, now: number): Verdict {
  if (chain.kind === 'unreadable')
    return chain.why === 'no-certificate' ? { kind: 'none' } : { kind: 'unreadable', why: UNREADABLE[chain.why] };
  const { leaf } = chain;
  const [from, to] = [leaf.notBeforeMs ?? now, leaf.notAfterMs ?? now];
  if (!leaf.covers) return { kind: 'wrong-name', leaf };
  if (isStaging(leaf) && policy?.authority !== 'lets-encrypt-staging') return { kind: 'staging', leaf };
  if (to < now) return { kind: 'expired', leaf };
  if (from > now + ISSUED_MEANWHILE_MS) return { kind: 'not-yet-valid', leaf };
  const distrust = distrustOf(chain, policy);
  if (distrust !== null) return { kind: distrust, leaf };
  const at = (share: number): number => from + (to - from) * share;
  return {
    kind: 'good',
    leaf,
    dueAtMs: at(RENEWAL_DUE_SHARE),
    overdueAtMs: at(RENEWAL_OVERDUE_SHARE),
    note: oddityOf(chain, policy),
  };
}

function oddityOf({ inOrder, state, leaf }: ReadChain, policy: AcmePolicy | null): string | null {
  // The operator chose the authority, perhaps for a test and then forgot it.
  if (isStaging(leaf))
    return "acme_ca names the staging authority of Let's Encrypt, so browsers refuse its certificate";
  if (!inOrder) return 'its certificate chain is in wrong order; most clients sort it';
  if (isStaging(leaf)) return 'acme_ca is the staging authority, whose certificates no browser accepts';
  if (policy?.enabled === true || state === 'public' || leaf.issuerOrganization === LETS_ENCRYPT) return null;
  return `its issuer ${leaf.issuer ?? 'without a name'} is not a public authority; this is correct only if acme_ca names it`;
}

/** The issuer of a staging certificate has STAGING in its name (docs/jaco-daemon/ingress.md#certificate-state). */
function isStaging({ issuer, issuerOrganization }: ServedLeaf): boolean {
  return `${issuer ?? ''} ${issuerOrganization ?? ''}`.includes('(STAGING)');
}

type ReadChain = Extract<ServedChain, { kind: 'read' }>;

/**
 * Why clients do not trust a chain. Null if they do, or if that depends on a private authority or on unknown settings.
 */
function distrustOf({ leaf, state, length }: ReadChain, policy: AcmePolicy | null): BadLeaf['kind'] | null {
  if (state === 'public') return null;
  if (state === 'self-signed') return 'self-signed';
  if (leaf.issuerOrganization === LETS_ENCRYPT) return state === 'open' && length === 1 ? 'no-intermediate' : null;
  // The settings of a node without ACME do not show which authority the others ask.
  return policy?.enabled === true && policy.authority === 'lets-encrypt' ? 'other-issuer' : null;
}

/** Issuers of Let's Encrypt are always intermediates (docs/jaco-daemon/ingress.md#certificate-state). */
const LETS_ENCRYPT = "Let's Encrypt";
