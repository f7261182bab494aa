import Table from 'cli-table3';
import type { Check } from '../engine/check.ts';
import { sourcesOf } from '../engine/probe.ts';
import type { OrderedCheck, Product } from '../engine/product.ts';
import { sourcesOfCheck } from '../engine/select.ts';
import { chalkFor, hasColour, widthOf } from './terminal.ts';

/** Every check in order: what it claims, finds and reads, where it works and which right it takes to see all of it. */
export function checksTable(product: Product): string {
  const width = widthOf(process.stdout, process.env);
  const colour = chalkFor(hasColour('auto', process.stdout, process.env));
  const ids = product.order.flatMap(({ check }) => idsOf(check));
  // An id is never cut: its column is as wide as the longest.
  const finds = 2 + Math.max(...ids.map((id) => id.length));
  const number = 4;
  const name = 2 + Math.max(...product.order.flatMap(({ check }) => [check.name.length, check.group.length + 2]));
  const table = new Table({
    head: ['#', 'check', 'finds', 'claims, reads, needs'].map((word) => colour.bold(word)),
    colWidths: [number, name, finds, Math.max(24, width - number - name - finds - 5)],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  product.order.forEach((ordered, index) => {
    const { check } = ordered;
    table.push([
      String(index + 1),
      `${check.name}\n(${check.group})`,
      idsOf(check).join('\n'),
      descriptionOf(product, ordered),
    ]);
  });
  return `${table.toString()}\n`;
}

/** Ids of one check that are listed, at most. */
const MAX_IDS = 20;

function idsOf({ finds }: Check): readonly string[] {
  return finds.length > MAX_IDS ? [`${finds.length} ids of pasted text`] : finds;
}

function descriptionOf({ order }: Product, ordered: OrderedCheck): string {
  const { check } = ordered;
  const reads = sourcesOf(check.gates).map(({ source }) => shortName(source.name));
  const rights = new Map<string, string[]>();
  for (const source of sourcesOfCheck(ordered))
    if (source.right !== null) rights.set(source.right, [...(rights.get(source.right) ?? []), shortName(source.name)]);
  // Where all checks work from everywhere, the place is not worth a word.
  const place = order.every((other) => other.check.where === 'anywhere')
    ? []
    : [check.where === 'node' ? 'a node' : 'a node or a control port'];
  const needs = [...place, ...[...rights].map(([right, names]) => `${right} for ${names.join(' and ')}`)];
  const lines = [check.title, `reads ${reads.join(', ')}`];
  return (needs.length === 0 ? lines : [...lines, `needs ${needs.join('; ')}`]).join('\n');
}

function shortName(source: string): string {
  return source.replace(/^[a-z]+\./, '');
}
