import type { NextStep } from '../engine/next-step.ts';
import type { Situation } from '../engine/situation.ts';
import type { Invocation } from './advise.ts';

/** A next step in words of this host: an instruction, and the command that it ends with, if there is one. */
export type ResolvedNextStep = { readonly do: string; readonly run: readonly string[] | null };

/** Programs whose package has another name. */
const PACKAGES: { readonly [program: string]: string } = {
  nft: 'nftables',
  ip: 'iproute2',
  wg: 'wireguard-tools',
  nsenter: 'util-linux',
  'iptables-save': 'iptables',
  'iptables-legacy-save': 'iptables',
  systemctl: 'systemd',
  journalctl: 'systemd',
};

/** The largest --timeout, ms. */
const MAX_BUDGET_MS = 600_000;

/**
 * Words a next step for this host. A step that cannot help here is replaced: root is not told to become root, and what
 * waits for an answer waits for the fix of `first`, the first failing id, if there is one.
 */
export function resolveNextStep(
  step: NextStep,
  situation: Situation,
  invocation: Invocation,
  first: string | null,
): ResolvedNextStep {
  const { command, flags, selection } = invocation;
  // The output that --from read is gone, and so are the checks that it chose.
  const chosen = selection.some((word) => word.split(',').includes('reported')) ? [] : selection;
  const again = (...extra: readonly string[]): readonly string[] => [...command, ...chosen, ...flags, ...extra];
  switch (step.kind) {
    case 'as-root':
      return situation.asRoot === true
        ? {
            do: 'Run the doctor outside a container, and check SELinux or AppArmor: root was denied access.',
            run: null,
          }
        : { do: 'Run again as root:', run: ['sudo', ...again()] };
    case 'as-owner':
      return { do: `Run again as the user that owns ${step.path}.`, run: null };
    case 'install':
      return { do: `Install ${packageOf(step.program)}, and run again.`, run: null };
    case 'more-time': {
      const longer = Math.min(MAX_BUDGET_MS, Math.max(30_000, 3 * step.budgetMs));
      return longer <= step.budgetMs
        ? { do: 'Run again when the host is less busy.', run: null }
        : { do: 'Run again with more time:', run: again('--timeout', `${Math.ceil(longer / 1000)}s`) };
    }
    case 'again':
      if (first !== null) return { do: `Fix ${first} first, and run again.`, run: null };
      return { do: 'Run again in 10 s:', run: again() };
    case 'by-hand':
      return { do: 'Check the rest by hand: one run reads no more of them.', run: null };
    case 'on-node':
      return { do: `Run the doctor on ${step.node ?? 'each node'} as root:`, run: ['sudo', ...command] };
    case 'flag':
      return { do: `Run again with ${step.flag} ${step.value}: ${step.why}.`, run: again(step.flag, step.value) };
    case 'run':
      return { do: 'See what this prints:', run: step.argv };
    case 'answer':
      return { do: `Fix ${first === null ? 'what the reason names' : `${first} first`}, and run again.`, run: null };
    case 'record':
      return { do: 'Make a new recording on the node:', run: ['sudo', ...command, '--record', 'new.json'] };
    case 'report':
      return { do: 'If it happens again, report it as a bug, with a recording:', run: again('--record', 'bug.json') };
    case 'do':
      return { do: step.text, run: null };
  }
}

function packageOf(program: string): string {
  const name = PACKAGES[program];
  return name === undefined ? program : `${name}, which has ${program}`;
}
