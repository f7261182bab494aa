import { expect, test } from 'vitest';
import type { Outcome } from '../../../../src/engine/outcome.ts';
import { certificateStates } from '../../../../src/probes/jaco/ingress/certificate-states.ts';
import { routes } from '../../../../src/probes/jaco/ingress/routes.ts';
import { type Deployments, deployments } from '../../../../src/probes/jaco/runtime/deployments.ts';
import { fact, start } from '../runtime/stand-in-cluster.ts';

const derived = (source: typeof routes | typeof certificateStates, read: Deployments): Outcome =>
  source.derive({ deployments: read } as never, 0) as Outcome;

const route = { domain: 'shop.test', path: '', deployment: 'shop', service: 'web', port: 8080, tlsAuto: true };

test('routes and certificate states come from the one call, sorted, without what a terminal would obey', async () => {
  const { content, calls } = await start();
  content.deploy.routes.push(
    { ...route, path: '/api', tlsAuto: false, stripPath: false },
    { ...route, domain: 'blog\u001b[2J.test', stripPath: false },
    { ...route, stripPath: true },
  );
  content.deploy.certs.push(
    { domain: 'z.test', environment: 'staging', notAfter: undefined, lastRenewalAt: undefined },
    { domain: 'shop.test', environment: '', notAfter: { seconds: '1795000000', nanos: 0 }, lastRenewalAt: undefined },
  );
  const read = await fact<Deployments>(deployments);
  const stored = { domain: 'shop.test', deployment: 'shop', service: 'web', port: 8080 };
  expect(derived(routes, read)).toEqual({
    kind: 'value',
    value: {
      list: [
        { ...stored, domain: 'blog.test', path: '', tls: 'auto' },
        { ...stored, path: '', tls: 'auto' },
        { ...stored, path: '/api', tls: 'off' },
      ],
      omitted: 0,
    },
  });
  expect(derived(certificateStates, read)).toEqual({
    kind: 'value',
    value: {
      list: [
        { domain: 'shop.test', environment: 'other', notAfterMs: 1_795_000_000_000 },
        { domain: 'z.test', environment: 'staging', notAfterMs: null },
      ],
      omitted: 0,
    },
  });
  expect(calls.map(({ path }) => path)).toEqual(['/jaco.v1.Deploy/Status']);
});

test('a recording of a version that kept only the deployments is not a cluster without routes', () => {
  for (const source of [routes, certificateStates])
    expect(derived(source, { list: [], omitted: 0 })).toMatchObject({ kind: 'not-applicable' });
});
