import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Product } from '../../engine/product.ts';
import { parseAddress } from '../../probes/jacqos/address.ts';
import type { JacqosIo, JacqosSettings } from '../../probes/jacqos/io.ts';
import { readOutput } from '../../probes/jacqos/reader/read-output.ts';
import { commonPlan, type RunPlan } from '../common-plan.ts';
import { reportedIn } from '../input.ts';
import { UsageError } from '../usage-error.ts';
import { withTimeout } from '../with-timeout.ts';
import type { RunFlags } from './flags.ts';
import { selectionFor } from './selection.ts';

/** Flags of JacqOS that ask for another world than a recorded one. */
export const ASKING = [
  'only',
  'skip',
  'fail-on',
  'from',
  'app-dir',
  'management-url',
  'runtime-cell-url',
  'app-id',
  'environment-id',
  'record',
] as const;

/** Time for one command or request, at most and as a share of what is left of the run's: what came until then is still read. */
const PATIENCE_MS = 8_000;
const SHARE = 0.75;

type Environment = { readonly [name: string]: string | undefined };

/** Reads flags and environment into a plan. Throws {@link UsageError} for what makes no sense. */
export async function planOf(
  product: Product,
  words: readonly string[],
  flags: RunFlags,
  env: Environment,
): Promise<RunPlan> {
  const common = commonPlan(product, words, flags);
  const appDir = await folder(flags['app-dir'] ?? '.', common.budgetMs);
  const managementUrl = address('--management-url', flags['management-url']);
  const runtimeUrl = address('--runtime-cell-url', flags['runtime-cell-url']);
  // It failed, so the last failure it names is the one that stands.
  const find = (text: string) => readOutput(text, { failed: true });
  const { from, waitedMs } = await reportedIn(flags.from, common.budgetMs, find);
  const budgetMs = common.budgetMs + waitedMs;
  const { selection, leftOut } = selectionFor(product, common.selection, from, flags.deep);
  const settings: JacqosSettings = {
    appDir,
    managementUrl,
    runtimeUrl,
    appId: id('--app-id', flags['app-id']),
    environmentId: id('--environment-id', flags['environment-id']),
    deep: flags.deep,
    from,
    skippedProbes: leftOut,
    requestLimitMs: Math.min(PATIENCE_MS, Math.round(Math.max(0, budgetMs - performance.now()) * SHARE)),
    ca: null,
  };
  const named = ['app-dir', 'management-url', 'runtime-cell-url', 'app-id', 'environment-id'] as const;
  return {
    ...common,
    selection,
    budgetMs,
    io: { settings, env } satisfies JacqosIo,
    mode: 'node',
    repeat: [
      ...named.flatMap((name) => {
        const value =
          name === 'management-url' ? managementUrl : name === 'runtime-cell-url' ? runtimeUrl : flags[name];
        return value === undefined || value === null ? [] : [`--${name}`, value];
      }),
      ...(flags.deep ? ['--deep'] : []),
    ],
  };
}

async function folder(path: string, limitMs: number): Promise<string> {
  if (path === '') throw new UsageError('--app-dir: an empty path names no folder');
  const whole = placeOf(path);
  const asked = stat(whole).catch((error: NodeJS.ErrnoException) => error.code ?? 'error');
  const info = await withTimeout(asked, `--app-dir: ${whole}`, limitMs);
  if (typeof info === 'string') throw new UsageError(`--app-dir: ${whole}: ${info}`);
  if (!info.isDirectory()) throw new UsageError(`--app-dir: ${whole} is no folder`);
  const enters = await access(whole, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!enters) throw new UsageError(`--app-dir: ${whole} may not be entered by this user`);
  return whole;
}

/** The whole path. One that begins where the shell stands leads nowhere once that folder was removed. */
function placeOf(path: string): string {
  try {
    return resolve(path);
  } catch {
    throw new UsageError('--app-dir: the folder you stand in was removed, so name one by its whole path');
  }
}

/** An address as it is asked: without user, password and query, which the doctor would not send either. */
function address(flag: string, text: string | undefined): string | null {
  if (text === undefined) return null;
  const read = parseAddress(text);
  if (read === null)
    throw new UsageError(`${flag}: this is no http or https address; write one such as https://cloud.jacqos.io`);
  return read.shown;
}

function id(flag: string, text: string | undefined): string | null {
  if (text !== undefined && !/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(text))
    throw new UsageError(`${flag}: an id has letters, digits, dots, underscores and hyphens`);
  return text ?? null;
}
