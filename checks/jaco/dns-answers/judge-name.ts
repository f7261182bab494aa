import type { Cause, Finding, NotJudged } from '../../../src/engine/finding.ts';
import { covers, ipv4, rangeOf } from '../../../src/probes/host/ipv4.ts';
import type { NameAnswer } from '../../../src/probes/jaco/network/dns-answers.ts';
import type { ServiceName } from '../../../src/probes/jaco/network/service-names.ts';

type CheckFinding = Finding<'dns_default_network' | 'dns_service_unresolved', never>;

/** The meaning of an answer for one name. */
export type NameJudgement =
  | { readonly kind: 'resolved' | 'nothing-runs' }
  | { readonly kind: 'note'; readonly note: string }
  | { readonly kind: 'found'; readonly finding: CheckFinding }
  | { readonly kind: 'unjudged'; readonly target: NotJudged };

/** What decides about a name, beside the answer. */
type NameContext = {
  /** Whether a container on this node depends on JACO for the name. */
  readonly needed: boolean;
  /** ipam_pool, if known. */
  readonly pool: string | null;
  /** Running containers of the service on this node that are not attached to the network. */
  readonly detached: readonly string[];
};

/** Judges one name. */
export function judgeName(
  name: ServiceName,
  { a, aaaa }: NameAnswer,
  { needed, pool, detached }: NameContext,
): NameJudgement {
  const subject = `${name.service} on ${name.network}`;
  if (a.kind === 'failure')
    return {
      kind: 'unjudged',
      target: {
        subject,
        reason: `no answer from ${name.gateway}:53 (${a.code ?? a.why})`,
        next: { kind: 'again' },
      },
    };
  // A replica that is not running, or sent no report for 10 s, has no name. The replicas check reports it.
  if (name.behind.length === 0) return { kind: 'nothing-runs' };
  if (a.addresses.length > 0) return withAddresses(name, a.addresses, aaaa, pool);
  const ids = name.behind.map(({ id }) => id).join(', ');
  const evidence = [
    `${name.gateway}:53 answers ${a.rcode} for ${name.service}, while ${ids} ${name.behind.length === 1 ? 'is' : 'are'} running and was just reported`,
  ];
  if (name.implicit) return needed ? onDefault(name, evidence) : { kind: 'note', note: hidden(name) };
  const allRemote = name.behind.every((one) => one.elsewhere);
  const [container] = detached;
  if (!allRemote && container !== undefined && detached.length === name.behind.length)
    return nameFinding(
      name,
      [...evidence, `Docker shows ${detached.join(', ')} on this node, which is not attached to ${name.network}`],
      'not-connected',
      { container },
    );
  return nameFinding(
    name,
    allRemote
      ? [
          ...evidence,
          `its replicas have no address on ${name.network}, only on other networks: jaco.yaml and the compose file name different networks`,
        ]
      : evidence,
    allRemote ? 'networks-override' : 'unknown',
  );
}

function withAddresses(
  name: ServiceName,
  addresses: readonly string[],
  aaaa: NameAnswer['aaaa'],
  pool: string | null,
): NameJudgement {
  const range = rangeOf(pool ?? '');
  const unexpected = addresses.filter(
    (address) => range !== null && !covers([range], [ipv4(address) ?? 0, ipv4(address) ?? 0]),
  );
  if (unexpected.length > 0)
    return nameFinding(
      name,
      [`${name.service} resolves to ${unexpected.join(', ')}, outside of ipam_pool ${pool}`],
      'foreign-network',
    );
  // Programs that ask for both kinds take this for "no such name".
  if (aaaa.kind === 'answer' && aaaa.rcode === 'NXDOMAIN')
    return nameFinding(
      name,
      [`${name.gateway}:53 resolves ${name.service} for IPv4 and answers NXDOMAIN for IPv6`],
      'unknown',
    );
  return { kind: 'resolved' };
}

function onDefault(name: ServiceName, evidence: readonly string[]): NameJudgement {
  return {
    kind: 'found',
    finding: {
      id: 'dns_default_network',
      subject: name.deployment,
      evidence: [
        ...evidence,
        `${name.service} is running only on other nodes, and containers of ${name.deployment} on this node have no other way to resolve it`,
      ],
      values: { deployment: name.deployment },
    },
  };
}

/** Docker's resolver hides this while both run on one node. */
function hidden({ deployment }: ServiceName): string {
  return `${deployment} declares no network, and JACO's resolver resolves no name on the default one; Docker's resolver hides this while all of its services run on one node`;
}

function nameFinding(
  { deployment, service, gateway, network }: ServiceName,
  evidence: readonly string[],
  cause: Cause<'dns_service_unresolved'>,
  more: { readonly container?: string } = {},
): NameJudgement {
  const values = { gateway, service, deployment, ...more };
  return {
    kind: 'found',
    finding: { id: 'dns_service_unresolved', subject: `${service} on ${network}`, evidence, cause, values },
  };
}
