import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { healthy, sick } from '../report/sample.ts';

const schema = JSON.parse(readFileSync(new URL('../../src/report/report.schema.json', import.meta.url), 'utf8'));
const valid = new Ajv2020({ allErrors: true, validateFormats: false }).compile(schema);

type Fields = { [key: string]: unknown };

/** Every record of a document with its location. */
function records(value: unknown, place = 'report'): [string, Fields][] {
  if (Array.isArray(value)) return value.flatMap((item, index) => records(item, `${place}[${index}]`));
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.entries(value).flatMap(([key, item]) => records(item, `${place}.${key}`));
  return [[place, value as Fields], ...below];
}

describe('the report schema, to a reader of it that is not ours', () => {
  it.each(Object.entries({ healthy, sick }))('takes a report: %s', (_, report) => {
    expect(valid(report) ? [] : valid.errors).toEqual([]);
  });

  it('rejects a report without a field, or with an unknown one', () => {
    const report = structuredClone(sick);
    const taken: string[] = [];
    for (const [place, record] of records(report)) {
      const whole = { ...record };
      for (const key of Object.keys(whole)) {
        delete record[key];
        if (valid(report)) taken.push(`${place} without ${key}`);
        Object.assign(record, whole);
      }
      record.unheardOf = 1;
      if (valid(report)) taken.push(`${place} with a field more`);
      delete record.unheardOf;
    }
    expect(valid(report)).toBe(true);
    expect(taken).toEqual([]);
  });
});
