import type { ChalkInstance } from 'chalk';
import { hang } from './wrap.ts';

/** The description of a check in a list. */
export type CheckDescription = {
  readonly name: string;
  readonly group: string;
  /** The claim. */
  readonly title: string;
  readonly finds: readonly string[];
  /** The facts that it depends on, without the product's prefix. */
  readonly reads: readonly string[];
  /**
   * Where it works, unless all of the product's checks work everywhere, and the right that is needed to see all of it.
   */
  readonly needs: readonly string[];
};

/** Most ids of one check that are listed. */
const MAX_IDS = 20;

/** The ids that a check finds, or their number if the check only confirms ids of pasted text. */
export function findsOf({ finds }: CheckDescription): readonly string[] {
  return finds.length > MAX_IDS ? [`${finds.length} ids that only the output of a failed command shows`] : finds;
}

/** What a check reads and needs, one line each. */
export function detailsOf({ reads, needs }: CheckDescription): readonly string[] {
  const lines = [`reads ${reads.join(', ')}`];
  return needs.length === 0 ? lines : [...lines, `needs ${needs.join('; ')}`];
}

/** A check as a paragraph. */
export function checkText(
  check: CheckDescription,
  { width, colour }: { readonly width: number; readonly colour: ChalkInstance },
): string {
  const finds = check.finds.length === 0 ? [] : [`finds ${findsOf(check).join(', ')}`];
  const lines = [check.title, ...finds, ...detailsOf(check)];
  const head = colour.bold(`${check.name} (${check.group})`);
  return [head, ...lines.flatMap((line) => hang('  ', line, width))].join('\n');
}
