import { Chalk, type ChalkInstance } from 'chalk';
import type { Product } from '../engine/product.ts';
import type { RenderOptions } from '../report/formats/renderer.ts';
import { isAsciiOnly } from './ascii.ts';
import type { ListLook } from './list-checks.ts';

/** Columns of a report that goes to no terminal. */
const DEFAULT_WIDTH = 80;
const WIDEST = 120;

/** What the flags say about colour. */
export type ColourChoice = 'auto' | 'never';

type Stream = { readonly isTTY?: boolean; readonly columns?: number };
type Environment = { readonly [name: string]: string | undefined };

/**
 * Whether to colour. `--no-color` and NO_COLOR (not empty) forbid it before anything else; FORCE_COLOR then asks for it
 * on a pipe too, or forbids it with 0 or false; else a terminal that is not dumb has it. chalk 5 does not look at NO_COLOR.
 */
export function hasColour(choice: ColourChoice, stream: Stream, env: Environment): boolean {
  if (choice === 'never' || (env['NO_COLOR'] ?? '') !== '') return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

/** A chalk that colours or does not, whatever it would have guessed. */
export function chalkFor(colour: boolean): ChalkInstance {
  return new Chalk({ level: colour ? 1 : 0 });
}

/** Columns to write for: the terminal's, within what reads well. */
export function widthOf(stream: Stream, env: Environment): number {
  const columns = stream.columns ?? Number(env['COLUMNS'] ?? DEFAULT_WIDTH);
  return Math.min(WIDEST, Math.max(40, Number.isFinite(columns) && columns > 0 ? columns : DEFAULT_WIDTH));
}

/**
 * How a list is laid out on a stream. On a terminal it keeps to its width, however narrow; elsewhere nothing is drawn, broken or
 * cut, for another program may read it.
 */
export function listLook(noColour: boolean, stream: Stream, env: Environment): ListLook {
  const isTerminal = stream.isTTY === true;
  return {
    width:
      isTerminal && (stream.columns ?? 0) > 0 ? Math.min(WIDEST, Number(stream.columns)) : Number.POSITIVE_INFINITY,
    colour: chalkFor(hasColour(noColour ? 'never' : 'auto', stream, env)),
    ascii: isAsciiOnly(env),
    drawn: isTerminal,
  };
}

/** How a report of a product is written to this process's stdout. */
export function renderOptions(
  { headerFields }: Product,
  flags: { readonly verbose: boolean; readonly 'no-color': boolean },
): RenderOptions {
  return {
    width: widthOf(process.stdout, process.env),
    colour: chalkFor(hasColour(flags['no-color'] ? 'never' : 'auto', process.stdout, process.env)),
    verbose: flags.verbose,
    headerFields,
  };
}
