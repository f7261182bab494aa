import { value } from '../../../engine/outcome.ts';
import { clean, compareText } from '../../../engine/text.ts';
import { asFailed } from '../../io/grpc/grpc.ts';
import { msOf } from '../control/status-fact.ts';
import { probe } from '../jaco-probe.ts';
import { callControl, controlAccess } from './control-access.ts';

/** An operator token in the cluster's list, without its value. Times in ms since the epoch. */
export type ListedToken = { readonly identity: string; readonly revokedAtMs: number | null; readonly revoked: boolean };

export type TokenList = { readonly tokens: readonly ListedToken[]; readonly omitted: number };

const CALL_MS = 1_500;
const MAX_TOKENS = 1_000;

/**
 * The owners of operator tokens, and whose are revoked: a revoked token stays in the list
 * (docs/jaco-daemon/control.md#tokens).
 */
export const tokenList = probe({
  name: 'jaco.token-list',
  where: 'anywhere',
  after: { access: controlAccess },
  deadlineMs: 2_500,
  async collect(io, { access }, signal) {
    const { TokensService } = await import('../../../wire/jaco.ts');
    io.phase('answer');
    const called = await callControl(io, access, TokensService.list, {}, { limitMs: CALL_MS, signal });
    if (called.kind === 'failure') return asFailed(called.failure);
    const { tokens } = called.response;
    return value<TokenList>({
      tokens: tokens
        .slice(0, MAX_TOKENS)
        .map(({ identity, revokedAt }) => ({
          identity: clean(identity, 253),
          revokedAtMs: msOf(revokedAt),
          revoked: revokedAt !== undefined,
        }))
        .sort((a, b) => compareText(a.identity, b.identity)),
      omitted: Math.max(0, tokens.length - MAX_TOKENS),
    });
  },
});
