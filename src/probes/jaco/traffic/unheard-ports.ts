import type { Rule, Table } from '../../host/filter/table.ts';
import type { Listeners } from '../../host/listeners.ts';

/** The rules of this host for packets of one protocol that leave it. */
export type OutwardTables = { readonly tcp: readonly Table[]; readonly udp: readonly Table[] };

/**
 * Converts rules that hand external traffic to a local proxy (REDIRECT, TPROXY) into drops, if no socket has the port.
 * Without the list of listeners, they are unchanged.
 */
export function outwardTables(tables: readonly Table[], listeners: Listeners | null): OutwardTables {
  if (listeners === null) return { tcp: tables, udp: tables };
  const of = (protocol: 'tcp' | 'udp'): readonly Table[] => {
    const open = new Set(listeners.listeners.flatMap((one) => (one.protocol === protocol ? [one.port] : [])));
    return tables.map((table) => {
      const isUnheard = (rule: Rule): boolean => {
        const port = portOf(rule);
        return port !== null && !open.has(port);
      };
      if (!table.chains.some(({ rules }) => rules.some(isUnheard))) return table;
      const chains = table.chains.map((chain) => ({
        ...chain,
        rules: chain.rules.map((rule) => (isUnheard(rule) ? asDrop(rule, protocol) : rule)),
      }));
      return { ...table, chains };
    });
  };
  return { tcp: of('tcp'), udp: of('udp') };
}

/** The single local port to which a rule hands packets. */
function portOf({ rewrite, divertsTo }: Rule): number | null {
  const range = rewrite?.kind === 'redirect' ? rewrite.port : (divertsTo ?? null);
  return range !== null && range[0] === range[1] ? range[0] : null;
}

/** The kernel refuses a redirected packet in the name of its target; TPROXY drops it without an answer. */
function asDrop({ rewrite, ...rule }: Rule, protocol: 'tcp' | 'udp'): Rule {
  const answer = protocol === 'tcp' ? 'tcp reset' : 'icmp port-unreachable';
  return { ...rule, verdict: { kind: 'drop' }, ...(rewrite === undefined ? {} : { answer }) };
}
