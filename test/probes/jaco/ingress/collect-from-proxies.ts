import type { Outcome } from '../../../../src/engine/outcome.ts';
import type { AutomaticDomain } from '../../../../src/probes/jaco/ingress/automatic-domains.ts';

/** This many domains without a certificate. */
export const names = (count: number): readonly AutomaticDomain[] =>
  Array.from({ length: count }, (_, at) => ({
    domain: `d${at}.test`,
    deployment: 'shop',
    appliedAtMs: null,
    state: null,
  }));

type Ports = { readonly http: number; readonly https: number };

/** Collects a probe as the engine does, for nodes at these ports of loopback. */
export async function collectFromProxies<T>(
  probe: { readonly collect: unknown },
  nodes: readonly Ports[],
  count: number,
): Promise<T> {
  const list = nodes.map((_, at) => ({
    hostname: `demo-${at + 1}`,
    host: '127.0.0.1',
    by: at === 0 ? 'own' : 'member',
  }));
  const proxies = Object.fromEntries(nodes.map((ports, at) => [`demo-${at + 1}`, ports]));
  const io = { settings: { standIn: { proxies } }, token: null, phase: () => {} };
  const policy = { kind: 'not-applicable', reason: 'visible only on the node itself' };
  const facts = { domains: { list: names(count), omitted: 0 }, nodes: { list, omitted: 0 }, policy };
  const run = probe.collect as (...args: unknown[]) => Promise<Outcome>;
  const outcome = await run(io, facts, new AbortController().signal);
  if (outcome.kind !== 'value') throw new Error(JSON.stringify(outcome));
  return outcome.value as T;
}
