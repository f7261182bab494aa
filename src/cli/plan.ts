import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RunLocation } from '../engine/probe.ts';
import type { Product } from '../engine/product.ts';
import { type Selection, unknownSelectors } from '../engine/selection.ts';
import type { FailOn } from '../engine/verdict.ts';
import type { CommonFlags } from './flags.ts';
import { invocationOf } from './invocation.ts';
import { parseDuration } from './parse-duration.ts';
import { UsageError } from './usage-error.ts';

/** A run as the user asked for it, validated before anything is collected. */
export type RunPlan = {
  /** The access to the outside world that the product's probes get. */
  readonly io: object;
  /** Whether the run examines this host or asks over the network. */
  readonly mode: RunLocation;
  readonly selection: Selection;
  readonly failOn: FailOn;
  /** ms from the start of the process until the end of the run. The time of a command before the pipe is added. */
  readonly budgetMs: number;
  /** Flags that a printed command repeats, so that it asks the same host in the same way. */
  readonly repeat: readonly string[];
};

/** The part of a plan that the common flags give. */
export type CommonPlan = Pick<RunPlan, 'selection' | 'failOn' | 'budgetMs'>;

/** The part that a product's own flags give. It replaces what it narrows or extends of the common part. */
export type ProductPlan = Pick<RunPlan, 'io' | 'mode' | 'repeat'> & Partial<CommonPlan>;

/** The input of a product's plan: its checks, the given flags, and the meaning of the common ones. */
export type PlanRequest<Given extends CommonFlags> = {
  readonly product: Product;
  readonly flags: Given;
  readonly common: CommonPlan;
  readonly env: NodeJS.ProcessEnv;
};

/**
 * The part of a plan that every product's run has. Throws {@link UsageError} for values or combinations that are not
 * valid.
 */
export async function commonPlan(product: Product, words: readonly string[], flags: CommonFlags): Promise<CommonPlan> {
  await requireKnown(product, words, 'argument');
  await requireKnown(product, flags.only ?? [], '--only');
  await requireKnown(product, flags.skip ?? [], '--skip');
  const lower = (names: readonly string[]): readonly string[] => names.map((name) => name.toLowerCase());
  const selection = { only: lower([...words, ...(flags.only ?? [])]), skip: lower(flags.skip ?? []) };
  return { selection, failOn: flags['fail-on'] ?? 'fail', budgetMs: budgetOf(flags) };
}

/** ms from the start of the process until the end of the whole run. */
export function budgetOf({ timeout }: CommonFlags): number {
  return parseDuration(timeout, '--timeout', { min: 100, max: 600_000 });
}

/** The flags of `given` that have a value, in the form in which a user types them. */
export function typedFlags(given: { readonly [name: string]: string | null | undefined }): string[] {
  return Object.entries(given).flatMap(([name, text]) =>
    text === undefined || text === null ? [] : [`--${name}`, text],
  );
}

/**
 * Throws {@link UsageError} unless a recording can be written to the path. A recording never replaces a file, and its
 * folder must exist.
 */
export async function requireWritable(path: string): Promise<void> {
  if (path === '-') {
    if (process.stdout.isTTY) throw new UsageError('--record -: stdout is a terminal; redirect it to a pipe or a file');
    return;
  }
  if (path === '') throw new UsageError('--record: an empty path names no file');
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists) throw new UsageError(`--record: ${path} exists already and is not overwritten; name a new file`);
  await access(dirname(path)).catch(() => {
    throw new UsageError(`--record: the directory of ${path} does not exist`);
  });
}

/** Throws {@link UsageError} for a word that is not a check, group or id. Upper and lower case are equal. */
async function requireKnown(product: Product, words: readonly string[], source: string): Promise<void> {
  const word = words.find((one) => unknownSelectors(product, [one.toLowerCase()]).length > 0);
  if (word === undefined) return;
  const { nearestNames } = await import('../catalog/nearest-names.ts');
  const names = product.order.flatMap(({ check }) => [check.name, check.group, ...check.finds]);
  const [similar] = nearestNames(word.toLowerCase(), [...names, ...COMMANDS]);
  const hint = similar === undefined ? '' : `; did you mean ${similar}?`;
  throw new UsageError(
    `${source}: "${word}" is not a check, a group or an id that a check can find${hint} (${invocationOf(product).join(' ')} checks lists them)`,
  );
}

/** Words that a user may have meant as a command. */
const COMMANDS = ['explain', 'checks', 'demo', 'releases', 'help', 'version'];
