import { type Result, value } from '../../engine/outcome.ts';
import { type JacqosIo, probe } from './io.ts';
import { readAddress, showValue } from './url.ts';

/** Where an address comes from, as a user would say it. */
export type Source = string;

/** An address that is to be asked, and what named it. */
export type Named = { readonly source: Source; readonly url: string };

/**
 * The runtime token's variable: what can be told of its value without knowing how a token looks
 * (docs/jacqos.md#tokens). `unsendable` is a character that no header may have.
 */
export type TokenState = 'unset' | 'blank' | 'quotes' | 'line-break' | 'unsendable' | 'set';

/** The documented variables and the addresses they lead to. No value of a secret is in here, only whether there is one. */
export type Environment = {
  /** Planes that may be meant: two where both variables are set and differ, for no order of them is documented. */
  readonly management: readonly Named[];
  readonly runtime: Named;
  /** Variables that hold no address. */
  readonly malformed: readonly { readonly source: Source; readonly shown: string }[];
  /** Variables that are set to nothing: whether that counts as not set is not documented. */
  readonly empty: readonly Source[];
  readonly token: TokenState;
  readonly agentmailKey: boolean;
};

/** The variables that name the management plane (TS); which counts where both do is not documented. */
const MANAGEMENT = ['JACQOS_MANAGEMENT_URL', 'JACQOS_LIVE_MANAGEMENT_URL'] as const;
/** The documented addresses of production (ONB). */
const PRODUCTION = { management: 'https://cloud.jacqos.io', runtime: 'https://runtime.cloud.jacqos.io' } as const;
/** What names an address where nothing else does. */
export const DEFAULT = 'the default';

/** The variables of this process, as the jacqos command started here would see them. */
export const environment = probe({
  name: 'jacqos.environment',
  deadlineMs: 500,
  async collect({ settings, env }): Promise<Result<Environment>> {
    const named = MANAGEMENT.flatMap((source) => {
      const text = env[source];
      return text === undefined || text === '' ? [] : [{ source: source as Source, text, address: readAddress(text) }];
    });
    const flag = settings.managementUrl;
    const usable = named.flatMap(({ source, address }) => (address === null ? [] : [{ source, url: address.shown }]));
    const [first, second] = usable;
    const same = first !== undefined && second !== undefined && first.url === second.url;
    const fromVariables = same ? [first] : usable;
    return value({
      management:
        flag !== null
          ? [{ source: '--management-url', url: flag }]
          : named.length === 0
            ? [{ source: DEFAULT, url: PRODUCTION.management }]
            : fromVariables,
      runtime:
        settings.runtimeUrl === null
          ? { source: DEFAULT, url: PRODUCTION.runtime }
          : { source: '--runtime-cell-url', url: settings.runtimeUrl },
      malformed: named.flatMap(({ source, text, address }) =>
        address === null ? [{ source, shown: showValue(text) }] : [],
      ),
      empty: MANAGEMENT.filter((source) => env[source] === ''),
      token: tokenState(env['JACQOS_RUNTIME_TOKEN']),
      agentmailKey: (env['JACQOS_AUTH_TESTING_EMAIL_API_KEY'] ?? '').trim() !== '',
    });
  },
});

/** What can be said of a token without knowing its shape. */
function tokenState(token: JacqosIo['env'][string]): TokenState {
  if (token === undefined) return 'unset';
  if (token.trim() === '') return 'blank';
  if (/^(["'`]).*\1$/s.test(token.trim())) return 'quotes';
  if (/\s/.test(token)) return 'line-break';
  return /[^\x21-\x7e]/.test(token) ? 'unsendable' : 'set';
}
