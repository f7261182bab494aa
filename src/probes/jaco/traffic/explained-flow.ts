import type { Table } from '../../host/filter/table.ts';
import type { Range } from '../../host/ipv4.ts';
import type { DnsAnswers } from '../network/dns-answers.ts';
import type { GatewayListeners } from '../network/gateway-listeners.ts';
import type { ExchangeContext } from './exchange-of.ts';
import type { Flow } from './flow.ts';
import type { NamedRule } from './named-rule.ts';
import type { OutwardTables } from './unheard-ports.ts';

/**
 * Why a flow is lost, or would be: a rule that surely drops it, a rule that redirects it, or rules that may drop it.
 */
export type FlowExplanation =
  | { readonly kind: 'dropped'; readonly by: NamedRule; readonly how: 'sure' | 'only-dropper' }
  /** `by` is null if another resolver answers and no known rule redirects the query. */
  | { readonly kind: 'redirected'; readonly by: NamedRule | null }
  | {
      readonly kind: 'unexplained';
      readonly candidates: readonly NamedRule[];
      readonly doubts: readonly string[];
      /** The packet leaves this host with the container's address: no rule translates it, so no answer returns. */
      readonly untranslated?: true;
      /** Rules that exclude it from tracking, so nothing is translated. */
      readonly untrackedBy?: readonly NamedRule[];
      /** Rules that end address translation before it is translated. */
      readonly exemptedBy?: readonly NamedRule[];
      /** Rules that set its mark, zone or TTL before it is routed, if no rule may drop it. */
      readonly changedBy?: readonly NamedRule[];
      /** Not measured, and the first candidate gives it a source address that this host does not have. */
      readonly foreignSource?: true;
      /** Rules that translate it to another address than that of its output interface. */
      readonly translations?: readonly NamedRule[];
    };

/** A flow that was not seen to pass. `measured` is false if only the rules were evaluated. */
export type ExplainedFlow = {
  readonly what: string;
  readonly network: string | null;
  readonly flow: Flow | null;
  readonly measured: boolean;
  readonly reason: string | null;
  /** False if the rule drops traffic to this target but not to the Internet as a whole: a policy of this site. */
  readonly general: boolean;
  /** Traffic of the daemon with other members, whose addresses are outside of the pool. */
  readonly isDaemons?: boolean;
  readonly explanation: FlowExplanation;
};

/** The facts for explaining a flow. */
export type RuleContext = ExchangeContext & {
  readonly tables: readonly Table[];
  /** The same for flows to external hosts: a rule that hands them to a local port without a listener drops them. */
  readonly outward: OutwardTables;
  readonly listeners: GatewayListeners | null;
  readonly pool: Range | null;
  /** The answers of the resolvers at the gateways to this host. */
  readonly names: DnsAnswers['answers'];
  /** Whether all rules of this host were read. Only then is an absent rule known to be missing. */
  readonly allRulesKnown: boolean;
};
