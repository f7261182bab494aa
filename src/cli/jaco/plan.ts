import { resolve } from 'node:path';
import { inspectPath } from '../../probes/io/files.ts';
import { readCa } from '../../probes/jaco/control/cluster-ca.ts';
import { findIdsInText } from '../../probes/jaco/find-ids-in-text.ts';
import type { JacoIo, JacoSettings } from '../../probes/jaco/jaco-probe.ts';
import { vault } from '../../vault/vault.ts';
import { parseDuration } from '../parse-duration.ts';
import { type PlanRequest, type ProductPlan, typedFlags } from '../plan.ts';
import { readFailedOutput } from '../read-input.ts';
import { UsageError } from '../usage-error.ts';
import { withTimeout } from '../with-timeout.ts';
import type { JacoFlags } from './flags.ts';
import { serversOf } from './servers.ts';

/**
 * Reads JACO's flags and environment. A flag takes precedence. Throws {@link UsageError} for values or combinations
 * that are not valid.
 */
export async function planOf({ flags, common, env }: PlanRequest<JacoFlags>): Promise<ProductPlan> {
  const { socket, config, 'ca-cert': caCert } = flags;
  if (caCert !== undefined) await requireCertificate(caCert, common.budgetMs);
  const isLocal = [socket, config].some((path) => path !== undefined && path !== '');
  const servers = isLocal ? [] : await serversOf(flags.server, env);
  const token = flags.token ?? env['JACO_TOKEN'];
  const { from, waitedMs } = await readFailedOutput(flags.from, common.budgetMs, findIdsInText);
  const named = present('--config', config) ?? nonEmpty(env['JACO_CONFIG']);
  if (named !== null && servers.length === 0)
    await requireFile(config === undefined ? 'JACO_CONFIG' : '--config', named, common.budgetMs);
  const settings: JacoSettings = {
    servers,
    socket: socket ?? env['JACO_SOCKET'] ?? null,
    config: named === null ? null : resolve(named),
    caCert: caCert ?? nonEmpty(env['JACO_CA_CERT']),
    from,
    standIn: null,
    deep: flags.deep,
    outside: (flags.outside ?? []).map(outsideHost),
    sinceMs: parseDuration(flags.since, '--since', { min: 1000, max: 31 * 86_400_000 }),
  };
  const secret = token === undefined ? null : vault.add(token, 'the operator token');
  return {
    budgetMs: common.budgetMs + waitedMs,
    io: { settings, token: secret } satisfies JacoIo,
    mode: servers.length > 0 ? 'anywhere' : 'node',
    repeat: [
      ...servers.flatMap((server) => ['--server', server]),
      ...typedFlags({ socket, config, 'ca-cert': caCert }),
      ...(flags.deep ? ['--deep'] : []),
      ...(flags.outside ?? []).flatMap((target) => ['--outside', target]),
    ],
  };
}

/**
 * If a named file does not exist, the run would use defaults that no daemon has. A file that may not be read is
 * reported by its check.
 */
async function requireFile(name: string, path: string, budgetMs: number): Promise<void> {
  const status = await withTimeout(inspectPath(path), `${name}: ${path}`, budgetMs);
  if (status.kind === 'absent') throw new UsageError(`${name}: ${path}: no such file`);
}

/** A CA that was named but cannot be used would leave every identity unverified without a message. */
async function requireCertificate(path: string, budgetMs: number): Promise<void> {
  if (path === '')
    throw new UsageError('--ca-cert: an empty path names no file; remove the flag to ask without verifying');
  const ca = await withTimeout(readCa(path, null), `--ca-cert: ${path}`, budgetMs);
  if (ca.kind === 'failed') throw new UsageError(`--ca-cert: ${ca.failure.detail}; name the cluster's node/ca.crt`);
}

/** A host that containers must reach: a name or an IPv4 address, and a TCP port. */
function outsideHost(text: string): string {
  const [, port] = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?:(\d{1,5})$/i.exec(text)?.slice(1) ?? [];
  if (port === undefined || Number(port) < 1 || Number(port) > 65_535)
    throw new UsageError(`--outside: "${text}" is not HOST:PORT; write registry.example:443 or 192.0.2.10:5432`);
  return text;
}

function present(flag: string, text: string | undefined): string | null {
  if (text === '') throw new UsageError(`${flag}: an empty path names no file`);
  return text ?? null;
}

function nonEmpty(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}
