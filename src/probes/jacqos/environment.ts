import { type Result, value } from '../../engine/outcome.ts';
import { parseAddress, showableValue } from './address.ts';
import { type JacqosIo, probe } from './jacqos-probe.ts';

/** The flag or variable that gives an address. */
export type ValueSource = string;

/** An address and the flag or variable that gives it. */
export type NamedAddress = { readonly source: ValueSource; readonly url: string };

/**
 * The state of the runtime token's variable; the format of a token is not documented (docs/jacqos.md#tokens).
 * `unsendable`: it has a character that no header can carry.
 */
export type TokenState = 'unset' | 'blank' | 'quotes' | 'line-break' | 'unsendable' | 'set';

/** The documented variables and the addresses they give. It holds no secret, only whether one is set. */
export type Environment = {
  /** The possible planes: two if both variables are set and differ, because their order is not documented. */
  readonly management: readonly NamedAddress[];
  readonly runtime: NamedAddress;
  /** Variables whose value is not an address. */
  readonly malformed: readonly { readonly source: ValueSource; readonly shown: string }[];
  /** Empty variables. Whether an empty variable counts as unset is not documented. */
  readonly empty: readonly ValueSource[];
  readonly token: TokenState;
  readonly agentmailKey: boolean;
};

/** The variables that name the management plane (TS). Which of the two takes precedence is not documented. */
const MANAGEMENT_VARIABLES = ['JACQOS_MANAGEMENT_URL', 'JACQOS_LIVE_MANAGEMENT_URL'] as const;
/** The documented addresses of production (ONB). */
const PRODUCTION_URLS = { management: 'https://cloud.jacqos.io', runtime: 'https://runtime.cloud.jacqos.io' } as const;
/** The source of an address that no flag or variable gives. */
export const DEFAULT_SOURCE = 'the default';

/** The variables that a jacqos command started here would see. */
export const environment = probe({
  name: 'jacqos.environment',
  deadlineMs: 500,
  async collect({ settings, env }): Promise<Result<Environment>> {
    const variables = MANAGEMENT_VARIABLES.flatMap((source) => {
      const text = env[source];
      return text === undefined || text === ''
        ? []
        : [{ source: source as ValueSource, text, address: parseAddress(text) }];
    });
    const flag = settings.managementUrl;
    const usable = variables.flatMap(({ source, address }) =>
      address === null ? [] : [{ source, url: address.shown }],
    );
    const [first, second] = usable;
    const areSame = first !== undefined && second !== undefined && first.url === second.url;
    const fromVariables = areSame ? [first] : usable;
    return value({
      management:
        flag !== null
          ? [{ source: '--management-url', url: flag }]
          : variables.length === 0
            ? [{ source: DEFAULT_SOURCE, url: PRODUCTION_URLS.management }]
            : fromVariables,
      runtime:
        settings.runtimeUrl === null
          ? { source: DEFAULT_SOURCE, url: PRODUCTION_URLS.runtime }
          : { source: '--runtime-cell-url', url: settings.runtimeUrl },
      malformed: variables.flatMap(({ source, text, address }) =>
        address === null ? [{ source, shown: showableValue(text) }] : [],
      ),
      empty: MANAGEMENT_VARIABLES.filter((source) => env[source] === ''),
      token: tokenState(env['JACQOS_RUNTIME_TOKEN']),
      agentmailKey: (env['JACQOS_AUTH_TESTING_EMAIL_API_KEY'] ?? '').trim() !== '',
    });
  },
});

/** The state of the token variable. */
function tokenState(token: JacqosIo['env'][string]): TokenState {
  if (token === undefined) return 'unset';
  if (token.trim() === '') return 'blank';
  if (/^(["'`]).*\1$/s.test(token.trim())) return 'quotes';
  if (/\s/.test(token)) return 'line-break';
  return /[^\x21-\x7e]/.test(token) ? 'unsendable' : 'set';
}
