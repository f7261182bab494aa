import { setMaxListeners } from 'node:events';
import { value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import { clean } from '../../../engine/text.ts';
import type { HttpFailure } from '../../io/http/http.ts';
import { probe } from '../jaco-probe.ts';
import { acmePolicy } from './acme-policy.ts';
import { automaticDomains } from './automatic-domains.ts';
import { type IngressNode, ingressNodes } from './ingress-nodes.ts';
import { proxyPorts } from './proxy-ports.ts';

/** The answer to a request for the challenge path. `server` and `location` are headers; null if absent. */
export type ChallengeAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly server: string | null;
      readonly location: string | null;
      /** The start of the body. */
      readonly body: string;
    }
  | ({ readonly kind: 'failure' } & HttpFailure);

export type ChallengeAnswers = {
  readonly nodes: readonly {
    readonly node: IngressNode;
    /** `host:port` to which the doctor connected. */
    readonly address: string;
    /** The domain in the Host header of the request. */
    readonly domain: string;
    readonly answer: ChallengeAnswer;
  }[];
};

/** A token that no authority uses: theirs are longer (RFC 8555, section 8.3). */
const PATH = '/.well-known/acme-challenge/jaco-doctor';
const LIMIT_MS = 1_500;
const MAX_BYTES = 2_048;

/**
 * Asks each node once, as an authority would, for a challenge that does not exist. The proxy answers the path in the
 * same way for every domain and never passes it to an application. It logs one line for each request
 * (docs/jaco-daemon/ingress.md#challenge-path).
 */
export const challengeAnswers = probe({
  name: 'jaco.challenge-answers',
  where: 'anywhere',
  after: { domains: automaticDomains, nodes: ingressNodes, policy: attempt(acmePolicy) },
  deadlineMs: 4_000,
  async collect(io, { domains, nodes, policy }, signal) {
    // Without ACME the path belongs to the application.
    const skipped = policy.kind === 'value' && !policy.value.enabled;
    setMaxListeners(0, signal);
    const { httpGet } = await import('../../io/http/http.ts');
    const domain = (domains.list.find(({ state }) => state === null) ?? domains.list[0])?.domain ?? '';
    io.phase('answer');
    const asked = (skipped ? [] : nodes.list).map(async (node) => {
      const port = proxyPorts(io.settings, node.hostname).http;
      const target = { kind: 'web', secure: false, host: node.host, port, proxy: null, ca: null } as const;
      const headers = { host: domain.replace(/^\*\./, 'jaco-doctor.') };
      const result = await httpGet(target, PATH, { limitMs: LIMIT_MS, signal, maxBytes: MAX_BYTES, headers });
      const address = node.host.includes(':') ? `[${node.host}]:${port}` : `${node.host}:${port}`;
      if (result.kind === 'failure')
        return { node, address, domain, answer: { kind: 'failure', ...result.failure } as const };
      const { status, headers: received, body } = result;
      const answer = {
        kind: 'answer',
        status,
        server: received['server'] ?? null,
        location: received['location'] ?? null,
        body: clean(body.toString('latin1'), 100),
      } as const;
      return { node, address, domain, answer };
    });
    return value<ChallengeAnswers>({ nodes: await Promise.all(asked) });
  },
});
