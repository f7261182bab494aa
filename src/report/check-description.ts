import type { ChalkInstance } from 'chalk';
import { hang } from './wrap.ts';

/** What a list says of a check. */
export type CheckDescription = {
  readonly name: string;
  readonly group: string;
  /** The claim. */
  readonly title: string;
  readonly finds: readonly string[];
  /** Facts that can settle it, without the product's prefix. */
  readonly reads: readonly string[];
  /** Where it works, unless all of the product's checks work everywhere, and which right it takes to see all of it. */
  readonly needs: readonly string[];
};

/** Ids of one check that are listed, at most. */
const MAX_IDS = 20;

/** The ids that a check finds, or their number if it confirms those of pasted text. */
export function findsOf({ finds }: CheckDescription): readonly string[] {
  return finds.length > MAX_IDS ? [`${finds.length} ids of pasted text`] : finds;
}

/** What a check reads and needs, a line each. */
export function detailsOf({ reads, needs }: CheckDescription): readonly string[] {
  const lines = [`reads ${reads.join(', ')}`];
  return needs.length === 0 ? lines : [...lines, `needs ${needs.join('; ')}`];
}

/** A check in lines of its own. */
export function checkText(
  check: CheckDescription,
  { width, colour }: { readonly width: number; readonly colour: ChalkInstance },
): string {
  const finds = check.finds.length === 0 ? [] : [`finds ${findsOf(check).join(', ')}`];
  const lines = [check.title, ...finds, ...detailsOf(check)];
  const head = colour.bold(`${check.name} (${check.group})`);
  return [head, ...lines.flatMap((line) => hang('  ', line, width))].join('\n');
}
