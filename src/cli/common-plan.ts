import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { nearNames } from '../catalog/near.ts';
import type { Where } from '../engine/probe.ts';
import type { Product } from '../engine/product.ts';
import { type Selection, unknownWords } from '../engine/select.ts';
import type { FailOn } from '../engine/verdict.ts';
import type { CommonFlags } from './common-flags.ts';
import { duration } from './duration.ts';
import { invocationOf } from './invocation.ts';
import { UsageError } from './usage-error.ts';

/** A run as asked for, checked before anything is looked at. */
export type RunPlan = {
  /** What the product's probes reach the world through. */
  readonly io: object;
  /** Whether this host is looked at, or something over the network. */
  readonly mode: Where;
  readonly selection: Selection;
  readonly failOn: FailOn;
  /** ms from the start of the process until the run is over; the time of a command before the pipe is added. */
  readonly budgetMs: number;
  /** Flags a printed command has to repeat to ask the same host the same way. */
  readonly repeat: readonly string[];
};

/** The part of a plan that every product's run has. Throws {@link UsageError} for what makes no sense. */
export function commonPlan(
  product: Product,
  words: readonly string[],
  flags: CommonFlags,
): Pick<RunPlan, 'selection' | 'failOn' | 'budgetMs'> {
  const selection = { only: [...words, ...(flags.only ?? [])], skip: flags.skip ?? [] };
  requireKnown(product, words, 'argument');
  requireKnown(product, flags.only ?? [], '--only');
  requireKnown(product, selection.skip, '--skip');
  return {
    selection,
    failOn: (flags['fail-on'] ?? 'fail') as FailOn,
    budgetMs: budgetOf(flags),
  };
}

/** ms from the start of the process until the whole run is over. */
export function budgetOf(flags: CommonFlags): number {
  return duration(flags.timeout, '--timeout', { min: 100, max: 600_000 });
}

/** A replay is of the world as it was: nothing that asks for another one goes with it. `asked` are flags that do. */
export function refuseWithReplay(words: readonly string[], asked: readonly string[]): void {
  const first = asked[0] === undefined ? words[0] : `--${asked[0]}`;
  if (first !== undefined)
    throw new UsageError(`--replay shows a recorded run as it was; ${first} does not go with it, leave it out`);
}

/** Before a run is made for it: a recording is never written over something, nor into nowhere. */
export async function requireWritable(path: string): Promise<void> {
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

function requireKnown(product: Product, words: readonly string[], place: string): void {
  const [stranger] = unknownWords(product, words);
  if (stranger === undefined) return;
  const names = product.order.flatMap(({ check }) => [check.name, check.group, ...check.finds]);
  const [near] = nearNames(stranger, [...new Set([...names, ...COMMANDS])]);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  throw new UsageError(
    `${place}: "${stranger}" is no check, group or id that a check can find${hint} (${invocationOf(product).join(' ')} checks lists them)`,
  );
}

/** Words a user may have meant as a command. */
const COMMANDS = ['explain', 'checks', 'demo'];
