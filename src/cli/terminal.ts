import { Chalk, type ChalkInstance } from 'chalk';
import type { Product } from '../engine/product.ts';
import type { RenderOptions } from '../report/formats/renderer.ts';
import { isAsciiOnly } from './ascii.ts';
import type { ListLayout } from './list-checks.ts';

/** Columns of a report that is not written to a terminal. */
const DEFAULT_WIDTH = 80;
const WIDEST = 120;

/** The colour choice of the flags. */
export type ColourChoice = 'auto' | 'never';

type Stream = { readonly isTTY?: boolean; readonly columns?: number };
type Environment = { readonly [name: string]: string | undefined };

/**
 * Whether to use colour. `--no-color` and NO_COLOR (not empty) turn it off and take precedence. FORCE_COLOR turns it on
 * for a pipe too, or off with 0 or false. Else colour is used on a terminal that is not dumb. chalk 5 ignores NO_COLOR.
 */
export function hasColour(choice: ColourChoice, stream: Stream, env: Environment): boolean {
  if (choice === 'never' || (env['NO_COLOR'] ?? '') !== '') return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

/** A chalk with colour on or off, without its own detection. */
export function chalkFor(colour: boolean): ChalkInstance {
  return new Chalk({ level: colour ? 1 : 0 });
}

/** Columns to write for: the terminal's width, within readable limits. */
export function widthOf(stream: Stream, env: Environment): number {
  const columns = stream.columns ?? Number(env['COLUMNS'] ?? DEFAULT_WIDTH);
  return Math.min(WIDEST, Math.max(40, Number.isFinite(columns) && columns > 0 ? columns : DEFAULT_WIDTH));
}

/**
 * The layout of a list on a stream. On a terminal it keeps to the width. Elsewhere another program may read it, so
 * lines are not drawn, broken or cut.
 */
export function listLayout(noColour: boolean, stream: Stream, env: Environment): ListLayout {
  const isTerminal = stream.isTTY === true;
  return {
    width:
      isTerminal && (stream.columns ?? 0) > 0 ? Math.min(WIDEST, Number(stream.columns)) : Number.POSITIVE_INFINITY,
    colour: chalkFor(hasColour(noColour ? 'never' : 'auto', stream, env)),
    ascii: isAsciiOnly(env),
    drawn: isTerminal,
  };
}

/** The options with which a product's report is written to this process's stdout. */
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
