import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { nearNames } from '../catalog/near.ts';
import type { Where } from '../engine/probe.ts';
import type { Product } from '../engine/product.ts';
import { type Selection, unknownWords } from '../engine/select.ts';
import type { FailOn } from '../engine/verdict.ts';
import type { Settings } from '../probes/io/io.ts';
import { readCa } from '../probes/jaco/cluster-ca.ts';
import { type Secret, vault } from '../vault/vault.ts';
import { duration } from './duration.ts';
import type { RunFlags } from './run-flags.ts';
import { serversOf } from './servers.ts';
import { UsageError } from './usage-error.ts';

/** A run as asked for, checked before anything is looked at. */
export type Plan = {
  readonly settings: Settings;
  /** Whether this host is looked at, or operator ports over the network. */
  readonly mode: Where;
  /** The operator token; null where none was given. */
  readonly token: Secret | null;
  readonly selection: Selection;
  readonly failOn: FailOn;
  readonly budgetMs: number;
  /** Flags a printed command has to repeat to ask the same host the same way. */
  readonly repeat: readonly string[];
};

type Environment = { readonly [name: string]: string | undefined };

/** Reads flags and environment into a plan; flags win. Throws {@link UsageError} for what makes no sense. */
export async function planOf(
  product: Product,
  words: readonly string[],
  flags: RunFlags,
  env: Environment,
): Promise<Plan> {
  const selection = { only: [...words, ...(flags.only ?? [])], skip: flags.skip ?? [] };
  requireKnown(product, words, 'argument');
  requireKnown(product, flags.only ?? [], '--only');
  requireKnown(product, selection.skip, '--skip');
  if (flags.server !== undefined) refuseWithServer(flags);
  if (flags['ca-cert'] !== undefined) await requireCertificate(flags['ca-cert']);
  const local = [flags.socket, flags.config].some((path) => path !== undefined && path !== '');
  const servers = local ? [] : await serversOf(flags.server, env);
  const token = flags.token ?? env['JACO_TOKEN'];
  const settings: Settings = {
    servers,
    socket: flags.socket ?? env['JACO_SOCKET'] ?? null,
    config: present('--config', flags.config) ?? nonEmpty(env['JACO_CONFIG']),
    caCert: flags['ca-cert'] ?? nonEmpty(env['JACO_CA_CERT']),
    from: null,
    standIn: null,
    sinceMs: duration(flags.since, '--since', { min: 1000, max: 31 * 86_400_000 }),
  };
  return {
    settings,
    mode: servers.length > 0 ? 'anywhere' : 'node',
    token: token === undefined ? null : vault.hold(token, 'the operator token'),
    selection,
    failOn: flags['fail-on'] as FailOn,
    budgetMs: duration(flags.timeout, '--timeout', { min: 100, max: 600_000 }),
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
async function requireCertificate(path: string): Promise<void> {
  if (path === '')
    throw new UsageError('--ca-cert: an empty path names no file; leave it out to ask without verifying');
  const read = await readCa(path, null);
  if (read.kind === 'failed') throw new UsageError(`--ca-cert: ${read.failure.detail}; name the cluster's node/ca.crt`);
}

/** A replay is of the world as it was: nothing that asks for another one goes with it. */
export function refuseWithReplay(words: readonly string[], flags: RunFlags): void {
  const asked = (['only', 'skip', 'server', 'token', 'socket', 'config', 'ca-cert', 'from', 'record'] as const).filter(
    (name) => flags[name] !== undefined,
  );
  const first = asked[0] === undefined ? words[0] : `--${asked[0]}`;
  if (first !== undefined)
    throw new UsageError(`--replay shows a recorded run as it was; ${first} does not go with it, leave it out`);
}

/** Before a run is made for it: a recording is never written over something, nor into nowhere. */
export async function requireWritable(path: string): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists) throw new UsageError(`--record: ${path} is there already and is not overwritten; name a new file`);
  await access(dirname(path)).catch(() => {
    throw new UsageError(`--record: the folder of ${path} is not there`);
  });
}

function requireKnown(product: Product, words: readonly string[], place: string): void {
  const [stranger] = unknownWords(product, words);
  if (stranger === undefined) return;
  const names = product.order.flatMap(({ check }) => [check.name, check.group, ...check.finds]);
  const [near] = nearNames(stranger, [...new Set([...names, ...COMMANDS])]);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  throw new UsageError(
    `${place}: "${stranger}" is no check, group or id that a check can find${hint} (${product.bin} checks lists them)`,
  );
}

/** Words a user may have meant as a command. */
const COMMANDS = ['explain', 'checks', 'demo'];

function present(flag: string, text: string | undefined): string | null {
  if (text === '') throw new UsageError(`${flag}: an empty path names no file`);
  return text ?? null;
}

function nonEmpty(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}
