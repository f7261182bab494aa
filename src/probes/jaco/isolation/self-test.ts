import type { Chain, Table } from '../../host/filter/table.ts';

/**
 * The differences in what the daemon compares every 30 s, in its own words: `chain:forward`, `set:dep_net_shop_back`, …
 */
export type Drift = { readonly missing: readonly string[]; readonly extra: readonly string[] };

/** The expected sets. `may` tells whether a set that is not required is allowed. */
export type SetsToTest = { readonly wanted: readonly string[]; readonly may: (name: string) => boolean };

const CHAINS = ['forward', 'input', 'output'];

/**
 * The daemon's self-test (docs/jaco-daemon/isolation.md#self-test): three base chains, each on the hook of its name,
 * with priority 0 and policy accept, and the names of the sets. Like the daemon, this ignores rules, their order,
 * elements and further chains. An absent table counts as one without chains. `sets` is null if the expected ones are
 * unknown.
 */
export function selfTest(table: Pick<Table, 'chains' | 'sets'> | null, sets: SetsToTest | null): Drift {
  const got = (table?.sets ?? []).map(({ name }) => name);
  const missingSets = (sets?.wanted ?? []).filter((name) => !got.includes(name));
  const extraSets = sets === null ? [] : got.filter((name) => !sets.wanted.includes(name) && !sets.may(name));
  return {
    missing: [
      ...CHAINS.flatMap((name) =>
        chainDrift(
          name,
          table?.chains.find((chain) => chain.name === name),
        ),
      ),
      ...missingSets.map((name) => `set:${name}`),
    ].sort(),
    extra: extraSets.map((name) => `set:${name}`).sort(),
  };
}

function chainDrift(name: string, chain: Chain | undefined): readonly string[] {
  if (chain === undefined) return [`chain:${name}`];
  // A chain without a hook has no policy either, and its missing priority reads as 0.
  const { hook, policy, priority } = chain.base ?? { hook: '', policy: 'accept', priority: 0 };
  return [
    ...(hook === name ? [] : [`chain:${name}.hook=${hook} (want ${name})`]),
    ...(policy === 'accept' ? [] : [`chain:${name}.policy=${policy} (want accept)`]),
    ...(priority === 0 ? [] : [`chain:${name}.priority=${priority} (want 0)`]),
  ];
}

/** Both lists in the format of the daemon's log and audit: `missing:chain:input,extra:set:x`. */
export function driftText({ missing, extra }: Drift): string {
  return [...missing.map((one) => `missing:${one}`), ...extra.map((one) => `extra:${one}`)].sort().join(',');
}
