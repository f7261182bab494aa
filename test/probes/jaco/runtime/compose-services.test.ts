import { expect, test } from 'vitest';
import { composeServices } from '../../../../src/probes/jaco/runtime/compose-services.ts';

test('the different forms of compose for one setting give one value', () => {
  expect(
    composeServices({
      services: {
        a: { depends_on: ['b', 'c'], networks: { default: null, x: {} } },
        b: { depends_on: { c: { condition: 'service_healthy', required: false } } },
        c: {
          network_mode: 'none',
          healthcheck: { disable: true, start_period: '5s' },
          environment: ['TOKEN=x', 'bare'],
        },
        d: 'no service',
      },
    }),
  ).toMatchObject([
    { name: 'a', dependsOn: [{ service: 'b', required: true }, { service: 'c' }], networks: ['_default', 'x'] },
    { name: 'b', dependsOn: [{ service: 'c', required: false }], networks: ['_default'] },
    { name: 'c', networks: [], startPeriodMs: null },
  ]);
  for (const hostile of [
    null,
    5,
    [],
    { services: [] },
    { services: { a: { depends_on: 5, networks: 'x', healthcheck: [] } } },
  ])
    expect(() => composeServices(hostile)).not.toThrow();
});
