import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Where } from '../engine/probe.ts';
import type { Product } from '../engine/product.ts';
import { type Selection, unknownWords } from '../engine/select.ts';
import type { FailOn } from '../engine/verdict.ts';
import type { CommonFlags } from './flags.ts';
import { invocationOf } from './invocation.ts';
import { parseDuration } from './parse-duration.ts';
import { UsageError } from './usage-error.ts';

/** A run as asked for, checked before anything is collected. */
export type RunPlan = {
  /** What the product's probes reach the world through. */
  readonly io: object;
  /** Whether this host is examined, or something over the network. */
  readonly mode: Where;
  readonly selection: Selection;
  readonly failOn: FailOn;
  /** ms from the start of the process until the run is over; the time of a command before the pipe is added. */
  readonly budgetMs: number;
  /** Flags that a printed command repeats to ask the same host the same way. */
  readonly repeat: readonly string[];
};

/** The part of a plan that the common flags give. */
export type CommonPlan = Pick<RunPlan, 'selection' | 'failOn' | 'budgetMs'>;

/** The part that a product's own flags give: what they narrow or extend replaces the common part. */
export type ProductPlan = Pick<RunPlan, 'io' | 'mode' | 'repeat'> & Partial<CommonPlan>;

/** What a product's plan is made of: its checks, the flags given, and what the common ones among them mean. */
export type PlanRequest<Given extends CommonFlags> = {
  readonly product: Product;
  readonly flags: Given;
  readonly common: CommonPlan;
  readonly env: NodeJS.ProcessEnv;
};

/** The part of a plan that every product's run has. Throws {@link UsageError} for what makes no sense. */
export async function commonPlan(product: Product, words: readonly string[], flags: CommonFlags): Promise<CommonPlan> {
  await requireKnown(product, words, 'argument');
  await requireKnown(product, flags.only ?? [], '--only');
  await requireKnown(product, flags.skip ?? [], '--skip');
  const lower = (names: readonly string[]): readonly string[] => names.map((name) => name.toLowerCase());
  const selection = { only: lower([...words, ...(flags.only ?? [])]), skip: lower(flags.skip ?? []) };
  return { selection, failOn: flags['fail-on'] ?? 'fail', budgetMs: budgetOf(flags) };
}

/** ms from the start of the process until the whole run is over. */
export function budgetOf({ timeout }: CommonFlags): number {
  return parseDuration(timeout, '--timeout', { min: 100, max: 600_000 });
}

/** The flags of `given` that have a value, as they are typed. */
export function typedFlags(given: { readonly [name: string]: string | null | undefined }): string[] {
  return Object.entries(given).flatMap(([name, text]) =>
    text === undefined || text === null ? [] : [`--${name}`, text],
  );
}

/** Throws {@link UsageError} unless a recording can be written there: it never replaces a file, and its folder exists. */
export async function requireWritable(path: string): Promise<void> {
  if (path === '-') {
    if (process.stdout.isTTY) throw new UsageError('--record - writes to a pipe or a file, and stdout is a terminal');
    return;
  }
  if (path === '') throw new UsageError('--record: an empty path names no file');
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists) throw new UsageError(`--record: ${path} is there already and is not overwritten; name a new file`);
  await access(dirname(path)).catch(() => {
    throw new UsageError(`--record: the folder of ${path} is not there`);
  });
}

/** Throws {@link UsageError} for a word that names no check, group or id in any letter case. */
async function requireKnown(product: Product, words: readonly string[], source: string): Promise<void> {
  const word = words.find((one) => unknownWords(product, [one.toLowerCase()]).length > 0);
  if (word === undefined) return;
  const { nearestNames } = await import('../catalog/nearest-names.ts');
  const names = product.order.flatMap(({ check }) => [check.name, check.group, ...check.finds]);
  const [similar] = nearestNames(word.toLowerCase(), [...names, ...COMMANDS]);
  const hint = similar === undefined ? '' : `; did you mean ${similar}?`;
  throw new UsageError(
    `${source}: "${word}" is no check, group or id that a check can find${hint} (${invocationOf(product).join(' ')} checks lists them)`,
  );
}

/** Words a user may have meant as a command. */
const COMMANDS = ['explain', 'checks', 'demo', 'releases', 'help', 'version'];
