import { expect, test } from 'vitest';
import { selectedChecks } from '../../src/engine/selection.ts';
import { attempt, giving, productOf, reading } from './small-product.ts';

const unit = giving('unit');
const lines = giving('lines');
const product = productOf(
  { check: reading('unit-runs', { unit, lines: attempt(lines) }), owns: [unit] },
  { check: reading('member', { unit: attempt(unit), lines }), owns: [lines] },
  { check: reading('voters', { lines }) },
);
const only = (...words: string[]) => [...selectedChecks(product, { only: words, skip: [] })].sort();

test('what a chosen check rests on is judged with it', () => {
  expect(only('voters')).toEqual(['member', 'unit-runs', 'voters']);
});

test('a fixed part is not held back by a later check that owns a fact it only attempts', () => {
  expect(only('unit-runs')).toEqual(['unit-runs']);
});
