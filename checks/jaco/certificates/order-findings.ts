import type { Finding } from '../../../src/engine/finding.ts';
import { formatTime } from '../../../src/engine/format.ts';
import type { AcmeRefusal } from '../../../src/probes/jaco/journal/acme-lines.ts';
import type { AcmeCause } from '../../../src/probes/jaco/journal/acme-refusal.ts';
import { type DomainView, linesOf } from './domain-view.ts';

type Refused = Finding<'cert_failed', never>;

/**
 * The refusal that counts now. Of two orders the last one counts, and a refusal before `sinceMs` is over
 * (docs/jaco-daemon/ingress.md#acme-errors). A staging certificate does not end a refusal of the production
 * certificate.
 */
export function currentRefusal(view: DomainView, sinceMs: number): AcmeRefusal | null {
  const lines = linesOf(view);
  const refusal = lines?.refusal ?? null;
  if (refusal === null || refusal.atMs < sinceMs) return null;
  const obtained = lines?.obtained ?? null;
  const succeeded = obtained !== null && obtained.atMs > refusal.atMs && !isStagingIssuer(obtained.issuer);
  return succeeded ? null : refusal;
}

/** Causes that depend on the addresses of the name. */
const TOLD_BY_NAME: ReadonlySet<string> = new Set(['dns', 'connection', 'unauthorized', 'other']);

/** The finding for a refusal, with the authority's error text. */
export function refusalFinding(view: DomainView, { cause, text, atMs, issuer }: AcmeRefusal): Refused {
  const { domain } = view.domain;
  const retryAtMs = linesOf(view)?.retryAtMs ?? null;
  const from = issuer === null ? '' : ` at ${issuerName(issuer, view.policy?.ca ?? null)}`;
  return {
    id: 'cert_failed',
    subject: domain,
    ...onNode(view),
    ...refusalTexts(cause, domain),
    cause,
    evidence: [
      `the last order for ${domain}${from} failed at ${formatTime(atMs)}: ${text}`,
      ...(retryAtMs !== null && retryAtMs > view.now
        ? [`the proxy repeats the order at ${formatTime(retryAtMs)}`]
        : []),
      ...(TOLD_BY_NAME.has(cause) ? [...view.addresses, ...otherAddress(text, view.addresses)] : []),
    ],
    values: { domain, ...(view.policy === null ? {} : { acme_ca: view.policy.ca }) },
  };
}

/** What failed, if the authority did not refuse the certificate itself. */
function refusalTexts(cause: AcmeCause, domain: string): Pick<Refused, 'title' | 'meaning'> {
  if (cause === 'ca-unreachable')
    return {
      title: 'the certificate authority is unreachable',
      meaning: `The last certificate order for ${domain} failed, because jacod did not reach the certificate authority.`,
    };
  if (cause === 'ca-untrusted')
    return {
      title: 'this node does not trust the certificate authority',
      meaning: `The last certificate order for ${domain} failed, because this node does not trust the certificate of the authority.`,
    };
  if (cause === 'connection')
    return {
      title: 'the certificate authority does not reach the domain',
      meaning: `The last certificate order for ${domain} failed, because the authority did not get an answer on port 80.`,
    };
  return {};
}

/** The proxy writes the address of an authority as the name of a folder: its slashes are hyphens. */
function issuerName(issuer: string, ca: string | null): string {
  const isOurs = ca !== null && ca.replace(/^https:\/\//, '').replaceAll('/', '-') === issuer;
  return isOurs ? ca : issuer.replace(/-directory$/, '');
}

/** The authority connected to another address than those that this node finds for the name. */
function otherAddress(text: string, addresses: readonly string[]): readonly string[] {
  const dialled = /dial tcp \[?([0-9a-f.:]+?)\]?:\d+:/.exec(text)?.[1];
  return dialled === undefined || addresses.length === 0 || addresses.some((line) => line.includes(dialled))
    ? []
    : [`the authority connected to ${dialled}: its name servers give another answer than those of this node`];
}

/** JACO stopped waiting for the production certificate, and no line gives a reason. */
export function expiredWindow(view: DomainView): Refused | null {
  const expired = linesOf(view)?.windowExpired ?? null;
  if (expired === null) return null;
  const { domain } = view.domain;
  return {
    id: 'cert_failed',
    subject: domain,
    ...onNode(view),
    cause: 'other',
    evidence: [
      `the staging certificate of ${domain} was good, and no production certificate followed within 5 min: JACO logged at ${formatTime(expired.atMs)} that it waits ${expired.retryAfter}`,
      ...view.addresses,
    ],
    values: { domain },
  };
}

/** HTTP-01 cannot prove a wildcard (docs/jaco-daemon/ingress.md#acme-errors). */
export function wildcardFinding(view: DomainView): Refused | null {
  const {
    policy,
    domain: { domain },
  } = view;
  if (!domain.startsWith('*.') || policy?.authority === 'private') return null;
  return {
    id: 'cert_failed',
    subject: domain,
    ...onNode(view),
    cause: 'wildcard',
    evidence: [`${domain} is a wildcard; JACO orders with the HTTP-01 challenge, which proves single names only`],
    values: { domain },
  };
}

/** The journal with the lines is that of this node. From outside, the steps can start on any node. */
function onNode({ nodes }: DomainView): { readonly node?: string } {
  const [first] = nodes;
  return first === undefined ? {} : { node: first.node.hostname };
}

function isStagingIssuer(issuer: string): boolean {
  return issuer.startsWith('acme-staging-');
}
