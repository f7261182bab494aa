import type { Rule } from '../../../src/probes/host/filter/table.ts';
import { POOL_SET } from '../../../src/probes/jaco/network/set-name.ts';
import { resolves, type UpstreamAnswer } from '../../../src/probes/jaco/network/upstream-answers.ts';
import { type Sign, signature } from './signature.ts';

/** #89: the chain contains more than one generation of the daemon's rules. */
export const stackedForwardRules = signature(['table'], ({ table }) => {
  const forward = table.kind === 'table' ? table.table.chains.find(({ name }) => name === 'forward') : undefined;
  const drops = forward?.rules.filter(isPoolDrop).length ?? 0;
  if (drops < 2) return [];
  return [
    sign(
      null,
      `chain forward of table inet jaco has ${drops} drop rules for ${POOL_SET}; 1 is expected`,
      'Containers of all deployments but the first do not reach other hosts.',
    ),
  ];
});

function isPoolDrop({ predicates, verdict }: Rule): boolean {
  return verdict.kind === 'drop' && predicates.some((one) => 'set' in one && one.set === POOL_SET);
}

/** #165: the first name server is silent and a later one answers, so the resolver spends its 5 s on the first. */
export const silentUpstreamFirst = signature(['upstreams', 'containers'], ({ upstreams, containers }) => {
  const [first, ...others] = upstreams.answers;
  const live = others.find(({ answer }) => isLive(answer));
  if (first === undefined || live === undefined || !isSilent(first.answer)) return [];
  // Without a container, no name is asked for.
  if (!containers.list.some(({ state }) => state === 'running')) return [];
  return [
    sign(
      first.text,
      `the first name server ${first.text} does not answer and ${live.text} does: this release waits 5 s before it asks the second`,
      'A container waits 5 s for each external name. Most programs time out earlier.',
    ),
  ];
});

function isSilent(answer: UpstreamAnswer): boolean {
  if (answer.kind !== 'asked' || answer.outside.length === 0) return false;
  return [...answer.outside, ...answer.own].every(({ answer: one }) => one.kind === 'failure' && one.why === 'silent');
}

function isLive(answer: UpstreamAnswer): boolean {
  return answer.kind === 'asked' && answer.outside.some(({ answer: one }) => resolves(one));
}

function sign(about: string | null, evidence: string, impact: string): Sign {
  return { about, evidence: [evidence], impact, madeAtMs: null };
}
