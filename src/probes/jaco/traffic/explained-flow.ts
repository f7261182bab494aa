import type { Table } from '../../host/filter/table.ts';
import type { Range } from '../../host/ipv4.ts';
import type { DnsAnswers } from '../network/dns-answers.ts';
import type { GatewayListeners } from '../network/gateway-listeners.ts';
import type { ExchangeContext } from './exchange-of.ts';
import type { Flow } from './flow.ts';
import type { NamedRule } from './named-rule.ts';

/** Why a flow is lost, or would be: a rule that surely does it, a rule that leads it elsewhere, or what may do it. */
export type FlowExplanation =
  | { readonly kind: 'dropped'; readonly by: NamedRule; readonly how: 'sure' | 'only-dropper' }
  /** `by` is null where another resolver answers, and no rule is known that leads there. */
  | { readonly kind: 'redirected'; readonly by: NamedRule | null }
  | {
      readonly kind: 'unexplained';
      readonly candidates: readonly NamedRule[];
      readonly doubts: readonly string[];
      /** The packet leaves this host with the address of the container: no rule translates it, and no answer finds back. */
      readonly untranslated?: true;
      /** Rules that keep it from being tracked: nothing is translated then. */
      readonly untrackedBy?: readonly NamedRule[];
      /** Rules that set a mark, a zone or the TTL of it before it is routed, if no rule may drop it. */
      readonly changedBy?: readonly NamedRule[];
      /** Rules that translate it to another address than that of the interface by which it leaves. */
      readonly translations?: readonly NamedRule[];
    };

/** A flow that was not seen to pass. `measured` is false where only the rules were asked. */
export type ExplainedFlow = {
  readonly what: string;
  readonly network: string | null;
  readonly flow: Flow | null;
  readonly measured: boolean;
  readonly reason: string | null;
  /** False where the rule drops what goes to this target and not the outside as a whole: a policy of this site. */
  readonly general: boolean;
  /** Traffic of the daemon with other members, whose addresses are none of the pool. */
  readonly isDaemons?: boolean;
  readonly explanation: FlowExplanation;
};

/** What is known where a flow is explained. */
export type RuleContext = ExchangeContext & {
  readonly tables: readonly Table[];
  readonly listeners: GatewayListeners | null;
  readonly pool: Range | null;
  /** What this host itself is answered by the resolvers at the gateways. */
  readonly names: DnsAnswers['answers'];
  /** Whether all rules of this host were read: only then a rule that is not there is known to be missing. */
  readonly allRulesKnown: boolean;
};
