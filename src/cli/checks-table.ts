import Table from 'cli-table3';
import type { Product } from '../engine/product.ts';
import { closure } from '../engine/select.ts';
import { chalkFor, coloured, widthOf } from './terminal.ts';

/** Every check in order, with what it reads and finds and where it works, as a table for a terminal of any width. */
export function checksTable(product: Product): string {
  const width = widthOf(process.stdout, process.env);
  const colour = chalkFor(coloured('auto', process.stdout, process.env));
  const [number, name, where] = [4, 20, 10];
  const rest = width - number - name - where - 6;
  const table = new Table({
    head: ['#', 'check', 'claims, then finds', 'reads', 'where'].map((word) => colour.bold(word)),
    colWidths: [number, name, Math.ceil(rest * 0.6), Math.floor(rest * 0.4), where],
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { head: [], border: [] },
  });
  product.order.forEach(({ check }, index) => {
    const reads = closure(check.reads).map((source) => source.name.replace(/^[a-z]+\./, ''));
    table.push([
      String(index + 1),
      `${check.name}\n(${check.group})`,
      `${check.title}\n${check.finds.join(' ')}`,
      reads.join(' '),
      check.where === 'node' ? 'on a node' : 'anywhere',
    ]);
  });
  return `${table.toString()}\n`;
}
