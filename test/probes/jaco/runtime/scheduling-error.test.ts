import { expect, test } from 'vitest';
import { schedulingError } from '../../../../src/probes/jaco/runtime/scheduling-error.ts';

test.each([
  ['service "web": only 1 eligible host(s) but 3 replicas requested', 'too-few-hosts', 'web'],
  ['service "db": no eligible hosts', 'no-eligible-hosts', 'db'],
  ['service "db" not found in compose project', 'no-image', 'db'],
  ['compose parse failed: yaml: line 3', 'invalid-compose', null],
  ['', 'other', null],
])('%s', (reason, kind, service) => {
  expect(schedulingError(reason)).toEqual({ kind, service });
});
