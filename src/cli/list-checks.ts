import type { ChalkInstance } from 'chalk';
import Table from 'cli-table3';
import { type CheckDescription, checkText, detailsOf, findsOf } from '../report/check-description.ts';
import { wrap } from '../report/wrap.ts';

/** Layout of a list: `width` in columns, infinite if lines are not to be broken; `ascii` if only ASCII can be shown. */
export type ListLayout = {
  readonly width: number;
  readonly colour: ChalkInstance;
  readonly ascii: boolean;
  /** Whether to draw lines around the table. */
  readonly drawn: boolean;
};

/** Smallest width of the table's last column. */
const NARROWEST = 24;

/** Every check in order: a table if the width allows it, else one paragraph for each check. */
export function listChecks(checks: readonly CheckDescription[], layout: ListLayout): string {
  const number = 2 + String(checks.length).length;
  const name = 2 + longest(checks.flatMap((check) => [check.name, `(${check.group})`]));
  // An id is never cut: its column is as wide as the longest.
  const finds = 2 + longest(checks.flatMap(findsOf));
  const rest = layout.width - number - name - finds - 5;
  if (!layout.drawn || rest < NARROWEST) return `${checks.map((check) => checkText(check, layout)).join('\n\n')}\n`;
  const table = new Table({
    head: ['#', 'check', 'finds', 'claims, reads, needs'].map((word) => layout.colour.bold(word)),
    colWidths: [number, name, finds, rest],
    style: { head: [], border: [] },
    chars: { ...(layout.ascii ? ASCII_BORDER : {}), ...NO_RULES },
  });
  // One table for each row: the table measures a cell from its end, letter by letter, again for each line of the cell.
  checks.forEach((check, index) => {
    const columns = [
      [String(index + 1)],
      [check.name, `(${check.group})`],
      findsOf(check),
      [check.title, ...detailsOf(check)].flatMap((line) => wrap(line, rest - 2)),
    ];
    const height = Math.max(...columns.map((lines) => lines.length));
    if (index > 0) table.push(['', '', '', '']);
    for (let row = 0; row < height; row++) table.push(columns.map((lines) => lines[row] ?? ''));
  });
  return `${table.toString()}\n`;
}

function longest(words: readonly string[]): number {
  return Math.max(...words.map((word) => word.length));
}

const NO_RULES = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

const ASCII_BORDER = Object.fromEntries([
  ...['top', 'bottom'].map((name) => [name, '-']),
  ...['top-mid', 'top-left', 'top-right', 'bottom-mid', 'bottom-left', 'bottom-right'].map((name) => [name, '+']),
  ...['left', 'right', 'middle'].map((name) => [name, '|']),
]);
