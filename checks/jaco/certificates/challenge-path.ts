import type { Finding, NotJudged } from '../../../src/engine/finding.ts';
import type { ChallengeAnswers } from '../../../src/probes/jaco/ingress/challenge-answers.ts';
import { nodeName } from './domain-view.ts';

type Asked = ChallengeAnswers['nodes'][number];
type Intercepted = Finding<'acme_challenge_intercepted', never>;

type ChallengePath = {
  readonly findings: readonly Intercepted[];
  readonly evidence: readonly string[];
  readonly notJudged: readonly NotJudged[];
};

/**
 * Judges the answer for the challenge path. The proxy itself answers 404 with its own text, and never a redirect
 * (docs/jaco-daemon/ingress.md#challenge-path). `without` are the nodes whose :443 is closed as well, or that run
 * without ACME; their fault is reported for the node. While every certificate is good, this is a warning.
 */
export function challengePath(
  answers: ChallengeAnswers,
  without: ReadonlySet<string>,
  harmless: boolean,
): ChallengePath {
  const judged = answers.nodes.filter(({ node }) => !without.has(node.hostname));
  const right = judged.filter(({ answer }) => isProxy(answer));
  return {
    findings: judged.flatMap((asked) => {
      const fault = faultOf(asked);
      if (fault === null) return [];
      const finding: Intercepted = {
        id: 'acme_challenge_intercepted',
        subject: asked.node.hostname,
        cause: fault.cause,
        evidence: [`asked for a challenge of ${asked.domain}, ${nodeName(asked)} ${fault.text}`],
        values: { domain: asked.domain, address: asked.address },
      };
      return [harmless ? { ...finding, severity: 'warn' } : finding];
    }),
    evidence:
      right.length === 0
        ? []
        : [`the proxy answers the challenge path on ${right.map(({ node }) => node.hostname).join(', ')}`],
    notJudged: judged.flatMap(({ node, answer }) =>
      answer.kind === 'failure' && !isRefused(answer)
        ? [
            {
              subject: `challenge path of ${node.hostname}`,
              reason: answer.detail,
              next: { kind: 'on-node', node: node.hostname },
            },
          ]
        : [],
    ),
  };
}

function isProxy(answer: Asked['answer']): boolean {
  return answer.kind === 'answer' && answer.status === 404 && answer.body.startsWith('404 page not found');
}

/** Whether a request for a challenge found the port closed. */
export function isRefused(answer: Asked['answer']): boolean {
  return answer.kind === 'failure' && answer.phase === 'connect' && answer.code === 'ECONNREFUSED';
}

function faultOf({
  node,
  answer,
}: Asked): { readonly cause: Intercepted['cause'] & string; readonly text: string } | null {
  if (answer.kind === 'failure') {
    // Seen from outside, a closed port may belong to a filter or to another machine.
    return isRefused(answer) && node.by !== 'listed' ? { cause: 'closed', text: 'refuses connections' } : null;
  }
  if (isProxy(answer) || isOwn404(answer)) return null;
  const server = answer.server === null ? '' : ` (Server: ${answer.server})`;
  if (answer.location !== null)
    return { cause: 'redirect', text: `answers ${answer.status}${server} with a redirect to ${answer.location}` };
  return { cause: 'other-server', text: `answers ${answer.status}${server}: ${answer.body || 'no text'}` };
}

/** JACO's 404 for an unknown host: this node has no ACME policy. */
function isOwn404({ status, server }: Extract<Asked['answer'], { kind: 'answer' }>): boolean {
  return status === 404 && server === 'jaco';
}
