import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseAddress } from '../../probes/jacqos/address.ts';
import type { JacqosIo, JacqosSettings } from '../../probes/jacqos/jacqos-probe.ts';
import { readOutput } from '../../probes/jacqos/reader/read-output.ts';
import { readPem } from '../../probes/jacqos/trusted-cas.ts';
import { type PlanRequest, type ProductPlan, typedFlags } from '../plan.ts';
import { readFailedOutput } from '../read-input.ts';
import { UsageError } from '../usage-error.ts';
import { withTimeout } from '../with-timeout.ts';
import type { JacqosFlags } from './flags.ts';
import { selectionFor } from './selection.ts';

/**
 * Time for one command or request: at most this many ms, and at most a share of the run's remaining time. What arrived
 * before the limit is still read.
 */
const PATIENCE_MS = 8_000;
const SHARE = 0.75;

/** Reads JacqOS's flags and environment. Throws {@link UsageError} for values or combinations that are not valid. */
export async function planOf({ product, flags, common, env }: PlanRequest<JacqosFlags>): Promise<ProductPlan> {
  const appDir = await requireFolder(flags['app-dir'] ?? '.', common.budgetMs);
  const managementUrl = address('--management-url', flags['management-url']);
  const runtimeUrl = address('--runtime-cell-url', flags['runtime-cell-url']);
  const caCert = flags['ca-cert'];
  // The command failed, so the last failure that its output names is the current one.
  const read = (text: string) => readOutput(text, { failed: true });
  const { from, waitedMs } = await readFailedOutput(flags.from, common.budgetMs, read);
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
    caCert: caCert === undefined ? null : await requirePem(caCert, common.budgetMs),
    ca: null,
  };
  return {
    selection,
    budgetMs,
    io: { settings, env } satisfies JacqosIo,
    mode: 'node',
    repeat: [
      ...typedFlags({
        'app-dir': flags['app-dir'],
        'management-url': managementUrl,
        'runtime-cell-url': runtimeUrl,
        'ca-cert': caCert,
        'app-id': flags['app-id'],
        'environment-id': flags['environment-id'],
      }),
      ...(flags.deep ? ['--deep'] : []),
    ],
  };
}

async function requireFolder(path: string, limitMs: number): Promise<string> {
  if (path === '') throw new UsageError('--app-dir: an empty path names no directory');
  const whole = absolutePath(path);
  const reading = stat(whole).catch((error: NodeJS.ErrnoException) => error.code ?? 'error');
  const info = await withTimeout(reading, `--app-dir: ${whole}`, limitMs);
  if (typeof info === 'string') throw new UsageError(`--app-dir: ${whole}: ${info}`);
  if (!info.isDirectory()) throw new UsageError(`--app-dir: ${whole} is not a directory`);
  const isAccessible = await access(whole, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!isAccessible) throw new UsageError(`--app-dir: this user may not enter ${whole}`);
  return whole;
}

/** The certificates of `--ca-cert`. Without them every handshake would fail for another reason. */
async function requirePem(path: string, limitMs: number): Promise<string> {
  if (path === '') throw new UsageError('--ca-cert: an empty path names no file');
  const pem = await withTimeout(readPem(path), `--ca-cert: ${path}`, limitMs);
  if (pem.kind === 'value') return pem.value;
  throw new UsageError(`--ca-cert: ${pem.kind === 'failed' ? pem.failure.detail : path}`);
}

/** The absolute path. A relative one cannot be resolved once the current folder is removed. */
function absolutePath(path: string): string {
  try {
    return resolve(path);
  } catch {
    throw new UsageError('--app-dir: the current directory was removed; give an absolute path');
  }
}

/** An address without user, password and query, which the doctor does not send. */
function address(flag: string, text: string | undefined): string | null {
  if (text === undefined) return null;
  const parsed = parseAddress(text);
  if (parsed === null)
    throw new UsageError(`${flag}: not an http or https address; write one such as https://cloud.jacqos.io`);
  return parsed.shown;
}

function id(flag: string, text: string | undefined): string | null {
  if (text !== undefined && !/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(text))
    throw new UsageError(`${flag}: an id contains only letters, digits, dots, underscores and hyphens`);
  return text ?? null;
}
