import { setMaxListeners } from 'node:events';
import { value } from '../../../engine/outcome.ts';
import type { ServerCertificates } from '../../io/certificate/read-server-certificates.ts';
import type { ServedChain } from '../../io/certificate/served-chain.ts';
import { resolveName } from '../../io/resolve-name.ts';
import { type JacoSettings, probe } from '../jaco-probe.ts';
import { automaticDomains } from './automatic-domains.ts';
import { type IngressNode, ingressNodes } from './ingress-nodes.ts';
import { proxyPorts } from './proxy-ports.ts';
import { sampleDomains } from './sample-domains.ts';

export type { ServedChain, ServedLeaf } from '../../io/certificate/served-chain.ts';

/** What a node's :443 showed for a domain: a chain, or why there is none. `ms` counts from the connect. */
export type CertificateAnswer =
  | { readonly kind: 'chain'; readonly chain: ServedChain; readonly ms: number }
  | Exclude<ServerCertificates, { readonly kind: 'certificates' }>
  /** The node's name has no address here. */
  | { readonly kind: 'unresolved'; readonly detail: string };

export type NodeCertificates = {
  readonly node: IngressNode;
  /** `host:port` to which the doctor connected. */
  readonly address: string;
  /** Domains that were not asked for, because there are too many. */
  readonly omitted: number;
  readonly answers: readonly { readonly domain: string; readonly answer: CertificateAnswer }[];
};

export type ServedCertificates = { readonly nodes: readonly NodeCertificates[] };

/** Most handshakes at once. */
const MAX_OPEN = 16;
/** Time for a connect, and again for the handshake, in ms. A working proxy answers within tens of ms. */
const LIMIT_MS = 1_500;

/**
 * The certificate that each node serves for each domain: a TLS hello for its name, without a request
 * (docs/jaco-daemon/ingress.md#certificate-state). A node whose :443 does not answer the first one is asked for no
 * other.
 */
export const servedCertificates = probe({
  name: 'jaco.served-certificates',
  where: 'anywhere',
  after: { domains: automaticDomains, nodes: ingressNodes },
  deadlineMs: 8_000,
  async collect(io, { domains, nodes }, signal) {
    setMaxListeners(0, signal);
    const [{ readServerCertificates }, { servedChain }] = await Promise.all([
      import('../../io/certificate/read-server-certificates.ts'),
      import('../../io/certificate/served-chain.ts'),
    ]);
    const open = limiter(MAX_OPEN);
    const ask = (host: string, port: number, domain: string): Promise<CertificateAnswer> =>
      open(async () => {
        const name = serverNameOf(domain);
        const shown = await readServerCertificates({ host, port }, { serverName: name, limitMs: LIMIT_MS, signal });
        return shown.kind === 'certificates'
          ? { kind: 'chain', chain: servedChain(shown.list, name), ms: shown.ms }
          : shown;
      });
    io.phase('handshake');
    const samples = sampleDomains(domains.list, nodes.list.length);
    const asked = nodes.list.map(async (node, index): Promise<NodeCertificates> => {
      const target = await targetOf(node, io.settings, signal);
      const names = (samples[index] ?? []).map(({ domain }) => domain);
      const omitted = domains.list.length - names.length;
      if (target.kind === 'unresolved')
        return { node, address: target.address, omitted, answers: names.map((domain) => ({ domain, answer: target })) };
      const { host, port, address } = target;
      const [first = '', ...others] = names;
      const answer = await ask(host, port, first);
      const unanswered = answer.kind === 'no-connection' || answer.kind === 'silent';
      const rest = await Promise.all(
        others.map(async (domain) => ({ domain, answer: unanswered ? answer : await ask(host, port, domain) })),
      );
      return { node, address, omitted, answers: [{ domain: first, answer }, ...rest] };
    });
    return value<ServedCertificates>({ nodes: await Promise.all(asked) });
  },
});

/** A wildcard matches any single label. */
function serverNameOf(domain: string): string {
  return domain.replace(/^\*\./, 'jaco-doctor.');
}

type Target =
  | { readonly kind: 'address'; readonly host: string; readonly port: number; readonly address: string }
  | { readonly kind: 'unresolved'; readonly detail: string; readonly address: string };

async function targetOf(node: IngressNode, settings: JacoSettings, signal: AbortSignal): Promise<Target> {
  const port = proxyPorts(settings, node.hostname).https;
  const address = node.host.includes(':') ? `[${node.host}]:${port}` : `${node.host}:${port}`;
  const resolved = await resolveName(node.host, { limitMs: LIMIT_MS, signal });
  if (resolved.kind === 'error') return { kind: 'unresolved', detail: resolved.detail, address };
  return { kind: 'address', host: resolved.addresses[0] ?? node.host, port, address };
}

/** Runs at most this many tasks at once, in order. */
function limiter(max: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= max) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await task();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
}
