import type { NamedRule } from './named-rule.ts';

/** The location and the text of a rule, as listed by the program that wrote it. */
export function describeRule({ from, family, table, chain, rule, handle }: NamedRule): string {
  const place = from === 'nft' ? `nft table ${family} ${table}` : `${from} table ${table}`;
  const words = rule === null ? 'its policy is drop' : `${rule}${handle === null ? '' : ` (handle ${handle})`}`;
  return `${place}, chain ${chain}: ${words}`;
}
