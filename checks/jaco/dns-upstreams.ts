import { check } from '../../src/engine/check.ts';
import { type Finding, judged, type NotJudged } from '../../src/engine/finding.ts';
import { formatTime } from '../../src/engine/format.ts';
import { factOf } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { dockerNetworks } from '../../src/probes/docker/networks.ts';
import { jacodConfig } from '../../src/probes/jaco/daemon/jacod-config.ts';
import { isolationExpected } from '../../src/probes/jaco/isolation/isolation-expected.ts';
import { type DnsLines, dnsLines } from '../../src/probes/jaco/journal/dns-lines.ts';
import { type HostResolvers, hostResolvers } from '../../src/probes/jaco/network/host-resolvers.ts';
import { upstreamAnswers } from '../../src/probes/jaco/network/upstream-answers.ts';
import { type Upstreams, upstreams } from '../../src/probes/jaco/network/upstreams.ts';
import { localNode } from '../../src/probes/jaco/raft/local-node.ts';
import { daemonTraffic } from '../../src/probes/jaco/traffic/daemon-traffic.ts';
import { type MeasuredResolver, resolverTraffic } from '../../src/probes/jaco/traffic/resolver-traffic.ts';
import { measuredFailure } from './dns-upstreams/measured-failure.ts';
import { refusedSends } from './dns-upstreams/refused-sends.ts';
import { type UpstreamVerdict, upstreamVerdict } from './dns-upstreams/upstream-verdict.ts';

type CheckFinding = Finding<'dns_forwarder_loop' | 'dns_no_upstreams' | 'dns_upstream_unreachable', never>;
type JudgedServer = { readonly text: string; readonly verdict: UpstreamVerdict };

export default check({
  name: 'dns-upstreams',
  group: 'dns',
  where: 'node',
  title: 'every upstream name server answers',
  requires: { expected: isolationExpected },
  reads: {
    upstreams,
    answers: upstreamAnswers,
    lines: dnsLines,
    config: attempt(jacodConfig),
    file: attempt(hostResolvers),
    docker: attempt(dockerNetworks),
    measured: attempt(resolverTraffic),
    daemon: attempt(daemonTraffic),
    host: localNode,
  },
  finds: ['dns_forwarder_loop', 'dns_no_upstreams', 'dns_upstream_unreachable'],
  judge({ upstreams, answers: { answers, omitted }, lines, config, file, docker, measured, daemon, host }, now) {
    const settings = factOf(config)?.settings ?? null;
    if (upstreams.list.length === 0)
      return judged([noServers(lines, factOf(file))], { notes: upstreamNotes(upstreams) });
    const servers = answers.map(
      ({ text, answer }): JudgedServer => ({ text, verdict: upstreamVerdict(answer, lines, now) }),
    );
    const loops = servers.filter(({ verdict }) => verdict.kind === 'loop');
    const dead = servers
      .flatMap((server, index) => upstreamFinding(server, servers.slice(0, index), upstreams.timeoutMs))
      .map((finding) => ({ ...finding, node: host.hostname }));
    const resolvers = factOf(measured)?.list ?? [];
    const failure =
      dead.length > 0
        ? null
        : (measuredFailure(answers, resolvers, factOf(daemon), lines, now) ??
          refusedSends(answers, lines, resolvers, now));
    const inVain = failure === null ? [] : [{ ...failure, node: host.hostname }];
    // Without a network of JACO, no container asks.
    const used = docker.kind !== 'value' || docker.value.list.some(({ jaco }) => jaco !== null);
    const idle = used
      ? []
      : dead.map(({ subject, evidence }) => `the first container on this node will need ${subject}: ${evidence[0]}`);
    const notJudged = [
      ...servers.flatMap(({ text, verdict }): readonly NotJudged[] =>
        verdict.kind === 'unjudged' ? [{ subject: text, reason: verdict.reason, next: { kind: 'answer' } }] : [],
      ),
      ...(omitted === 0
        ? []
        : [
            {
              subject: `${omitted} more servers`,
              reason: 'no more than 16 are asked',
              next: { kind: 'by-hand' } as const,
            },
          ]),
    ];
    return judged<CheckFinding['id']>(
      [
        ...loops.map(({ text }) => loopFinding(text, upstreams, settings?.ipamPool ?? '')),
        ...(used ? [...dead, ...inVain] : []),
      ],
      {
        evidence: [...describeWorking(servers), ...describeMeasured(resolvers)],
        notes: [...upstreamNotes(upstreams), ...idle, ...servers.flatMap(serverNote)],
        notJudged,
      },
    );
  },
});

function loopFinding(text: string, { from }: Upstreams, pool: string): CheckFinding {
  const source = from === 'resolv.conf' ? '/etc/resolv.conf' : 'dns.forwarders';
  return {
    id: 'dns_forwarder_loop',
    subject: null,
    evidence: [
      `${text} of ${source} is a gateway of ipam_pool ${pool}, where JACO's own resolver is listening: a query for an external name loops and doubles each time, until it times out`,
      'the daemon knows gateways of its default pool only, so it started; the address was not asked',
    ],
    cause: from === 'resolv.conf' ? 'resolv-conf' : 'forwarders',
    values: { forwarder: text.replace(/:53$/, '') },
  };
}

function noServers({ configured, none }: DnsLines, file: HostResolvers | null): CheckFinding {
  const now = file?.servers ?? [];
  return {
    id: 'dns_no_upstreams',
    subject: null,
    evidence: [
      ...(none === null ? [] : [`jacod logged at ${formatTime(none.atMs)}: ${none.text}`]),
      ...(file?.dropped ?? [])
        .slice(0, 5)
        .map(({ text, why }) => `/etc/resolv.conf names ${text}, which jacod ignores: ${DROPPED[why]}`),
      ...(now.length > 0
        ? [
            `/etc/resolv.conf names ${now.join(', ')} now, changed ${formatTime(file?.changedAtMs ?? null)}: the daemon read it before`,
          ]
        : []),
      ...(file === null ? ['/etc/resolv.conf does not exist'] : []),
    ],
    cause: configured !== null && now.length > 0 ? 'read-before' : 'none',
  };
}

const DROPPED = {
  'no-address': 'it is not an address',
  docker: "it is Docker's embedded resolver",
  gateway: 'it is a gateway of a JACO network',
  'byte-order-mark': 'a byte order mark comes before it, so jacod does not recognize the key',
  'too-long': 'its line is 64 KiB or longer, so jacod reads none of the file',
} as const;

function upstreamFinding(
  { text, verdict }: JudgedServer,
  before: readonly JudgedServer[],
  timeoutMs: number,
): readonly (CheckFinding & { subject: string })[] {
  if (verdict.kind !== 'dead') return [];
  const first = before.some((server) => server.verdict.kind === 'good');
  const delay = verdict.waits ? ` and costs ${timeoutMs / 1000} s` : '';
  const usage = first
    ? 'a server before it answers, so it is asked only when that one fails'
    : `no server before it answers, so it is asked for every external name${delay}`;
  const [host = text, port = '53'] = hostAndPort(text);
  return [
    {
      id: 'dns_upstream_unreachable',
      subject: text,
      evidence: [verdict.summary, usage],
      cause: verdict.cause,
      values: { upstream: text, upstream_host: host, upstream_port: port },
    },
  ];
}

/** The arguments that dig takes. */
function hostAndPort(text: string): readonly string[] {
  return /^\[?(.*?)\]?:(\d+)$/.exec(text)?.slice(1) ?? [];
}

function describeMeasured(resolvers: readonly MeasuredResolver[]): readonly string[] {
  const count = resolvers.filter(
    ({ outside }) =>
      outside?.outcome.kind === 'passed' &&
      outside.outcome.reply.kind === 'answer' &&
      outside.outcome.reply.how === 'dns' &&
      outside.outcome.reply.addresses.length > 0,
  ).length;
  return count === 0 ? [] : [`containers of ${count} networks resolve an external name`];
}

function describeWorking(servers: readonly JudgedServer[]): readonly string[] {
  const working = servers.filter(({ verdict }) => verdict.kind === 'good');
  return working.length === 0
    ? []
    : [
        `${working.map(({ text }) => text).join(', ')} resolve${working.length === 1 ? 's' : ''} external names over UDP`,
      ];
}

function serverNote({ text, verdict }: JudgedServer): readonly string[] {
  if (verdict.kind === 'limited')
    return [
      `name server ${text} resolves no external name (${verdict.summary}); correct it if containers need external names`,
    ];
  return verdict.kind === 'good' && verdict.note !== null ? [`${text}: ${verdict.note}`] : [];
}

function upstreamNotes({ certain, from }: Upstreams): readonly string[] {
  const file = from === 'resolv.conf' ? '/etc/resolv.conf' : 'jacod.yaml';
  return certain
    ? []
    : [
        `${file} was changed after the daemon read it, and only its log shows the name servers it uses: the ones in the file now were asked`,
      ];
}
