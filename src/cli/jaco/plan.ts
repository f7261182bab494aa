import type { Product } from '../../engine/product.ts';
import { readCa } from '../../probes/jaco/control/cluster-ca.ts';
import { findIdsInText } from '../../probes/jaco/find-ids-in-text.ts';
import type { JacoIo, JacoSettings } from '../../probes/jaco/io.ts';
import { vault } from '../../vault/vault.ts';
import { commonPlan, type RunPlan } from '../common-plan.ts';
import { duration } from '../duration.ts';
import { reportedIn } from '../input.ts';
import { UsageError } from '../usage-error.ts';
import { withTimeout } from '../with-timeout.ts';
import type { RunFlags } from './flags.ts';
import { serversOf } from './servers.ts';

type Environment = { readonly [name: string]: string | undefined };

/** Flags of JACO that ask for another world than a recorded one. */
export const ASKING = [
  'only',
  'skip',
  'fail-on',
  'server',
  'token',
  'socket',
  'config',
  'ca-cert',
  'from',
  'record',
] as const;

/** Reads flags and environment into a plan; flags win. Throws {@link UsageError} for what makes no sense. */
export async function planOf(
  product: Product,
  words: readonly string[],
  flags: RunFlags,
  env: Environment,
): Promise<RunPlan> {
  const common = commonPlan(product, words, flags);
  if (flags.server !== undefined) refuseWithServer(flags);
  if (flags['ca-cert'] !== undefined) await requireCertificate(flags['ca-cert'], common.budgetMs);
  const local = [flags.socket, flags.config].some((path) => path !== undefined && path !== '');
  const servers = local ? [] : await serversOf(flags.server, env);
  const token = flags.token ?? env['JACO_TOKEN'];
  const { from, waitedMs } = await reportedIn(flags.from, common.budgetMs, findIdsInText);
  const settings: JacoSettings = {
    servers,
    socket: flags.socket ?? env['JACO_SOCKET'] ?? null,
    config: present('--config', flags.config) ?? nonEmpty(env['JACO_CONFIG']),
    caCert: flags['ca-cert'] ?? nonEmpty(env['JACO_CA_CERT']),
    from,
    standIn: null,
    sinceMs: duration(flags.since, '--since', { min: 1000, max: 31 * 86_400_000 }),
  };
  const secret = token === undefined ? null : vault.hold(token, 'the operator token');
  return {
    ...common,
    budgetMs: common.budgetMs + waitedMs,
    io: { settings, token: secret } satisfies JacoIo,
    mode: servers.length > 0 ? 'anywhere' : 'node',
    repeat: [
      ...servers.flatMap((server) => ['--server', server]),
      ...(flags.socket === undefined ? [] : ['--socket', flags.socket]),
      ...(flags.config === undefined ? [] : ['--config', flags.config]),
      ...(flags['ca-cert'] === undefined ? [] : ['--ca-cert', flags['ca-cert']]),
    ],
  };
}

/** Who asks over the network cannot mean this host's files at the same time. */
function refuseWithServer(flags: RunFlags): void {
  const [first] = (['socket', 'config'] as const).filter((name) => flags[name] !== undefined);
  if (first !== undefined)
    throw new UsageError(
      `--server asks over the network; --${first} is of this host and does not go with it, leave one out`,
    );
}

/** A CA that is named and cannot be used would leave every identity unverified without a word. */
async function requireCertificate(path: string, budgetMs: number): Promise<void> {
  if (path === '')
    throw new UsageError('--ca-cert: an empty path names no file; leave it out to ask without verifying');
  const read = await withTimeout(readCa(path, null), `--ca-cert: ${path}`, budgetMs);
  if (read.kind === 'failed') throw new UsageError(`--ca-cert: ${read.failure.detail}; name the cluster's node/ca.crt`);
}

function present(flag: string, text: string | undefined): string | null {
  if (text === '') throw new UsageError(`${flag}: an empty path names no file`);
  return text ?? null;
}

function nonEmpty(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}
