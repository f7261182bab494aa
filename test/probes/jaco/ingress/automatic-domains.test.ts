import { expect, test } from 'vitest';
import { derivedOutcome, inputsOf } from '../../../../src/engine/derived-outcome.ts';
import { type Outcome, value } from '../../../../src/engine/outcome.ts';
import { automaticDomains } from '../../../../src/probes/jaco/ingress/automatic-domains.ts';
import { challengeAnswers } from '../../../../src/probes/jaco/ingress/challenge-answers.ts';
import { domainAddresses } from '../../../../src/probes/jaco/ingress/domain-addresses.ts';
import { servedCertificates } from '../../../../src/probes/jaco/ingress/served-certificates.ts';
import type { Route } from '../../../../src/probes/jaco/runtime/stored-ingress.ts';

const route = (domain: string, tls: Route['tls'], path = ''): Route => ({
  domain,
  path,
  deployment: 'shop',
  service: 'web',
  port: 80,
  tls,
});

function domainsOf(routes: readonly Route[]): Outcome {
  const deployment = { name: 'shop', updatedAtMs: 7 };
  const facts = {
    routes: { list: routes, omitted: 0 },
    states: { list: [{ domain: 'shop.test', environment: 'prod', notAfterMs: 9 }], omitted: 0 },
    deployments: { list: [deployment], omitted: 0 },
  };
  return derivedOutcome(automaticDomains, { kind: 'ready', facts }, 0);
}

test('each domain once, with its state and the time of the last apply', () => {
  const found = domainsOf([route('shop.test', 'auto', '/api'), route('shop.test', 'auto'), route('plain.test', 'off')]);
  const state = { domain: 'shop.test', environment: 'prod', notAfterMs: 9 };
  const list = [{ domain: 'shop.test', deployment: 'shop', appliedAtMs: 7, state }];
  expect(found).toEqual(value({ list, omitted: 0 }));
});

test('without such a route nothing is asked: no handshake, no request, no query', () => {
  const none = domainsOf([route('plain.test', 'off')]);
  expect(none.kind).toBe('not-applicable');
  for (const probe of [servedCertificates, challengeAnswers, domainAddresses]) {
    const answer = (name: string): Outcome => (name === automaticDomains.name ? none : value({}));
    expect(inputsOf(probe, 'node', answer)).toEqual({ kind: 'settled', outcome: none });
  }
});
