import { afterEach, describe, expect, test } from 'vitest';
import { DemoProxy } from '../../../../src/demo/jaco/proxy.ts';
import { issue } from '../../../../src/demo/jaco/proxy-certificates.ts';
import { emptyState } from '../../../../src/demo/jaco/replicated-state.ts';
import { Listener } from '../../../../src/demo/listener.ts';
import {
  type ServedCertificates,
  servedCertificates,
} from '../../../../src/probes/jaco/ingress/served-certificates.ts';
import { collectFromProxies, names } from './collect-from-proxies.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** A stand-in proxy with one certificate for all of this many domains. */
async function proxyFor(count: number): Promise<DemoProxy> {
  const content = emptyState();
  const proxy = new DemoProxy('127.0.0.1', content, { http: 0, https: 0 });
  for (const { domain } of names(count)) {
    const route = { domain, path: '', deployment: 'shop', service: 'web', port: 80, tlsAuto: true, stripPath: false };
    content.deploy.routes.push(route);
  }
  const pair = issue('d0.test', { names: names(count).map(({ domain }) => domain) });
  for (const { domain } of names(count)) proxy.certificates.set(domain, pair);
  await proxy.start();
  cleanups.push(() => proxy.close());
  return proxy;
}

describe('the certificates of several nodes', () => {
  test('50 domains on three nodes: every one is read, by at most 16 connections at once', async () => {
    const proxies = await Promise.all([proxyFor(50), proxyFor(50), proxyFor(50)]);
    let [open, most] = [0, 0];
    const counted = await Promise.all(
      proxies.map(async (proxy) => {
        const listener = new Listener({ host: '127.0.0.1', port: 0 }, (socket) => {
          open += 1;
          most = Math.max(most, open);
          socket.once('close', () => {
            open -= 1;
          });
          proxy.serveTls(socket);
        });
        await listener.open();
        cleanups.push(() => listener.close());
        return { http: 1, https: Number(listener.address.split(':').at(-1)) };
      }),
    );
    const { nodes } = await collectFromProxies<ServedCertificates>(servedCertificates, counted, 50);
    const answers = nodes.flatMap((node) => node.answers);
    expect(answers).toHaveLength(150);
    for (const { answer } of answers)
      expect(answer).toMatchObject({ kind: 'chain', chain: { leaf: { covers: true } } });
    // A connection ends here a moment before it does at the server.
    expect(most).toBeLessThanOrEqual(20);
  });

  test('a node that accepts but does not answer is given up after the first domain', async () => {
    const [well, silent] = await Promise.all([proxyFor(20), proxyFor(20)]);
    silent.https.behaviour = 'freeze';
    const began = performance.now();
    const { nodes } = await collectFromProxies<ServedCertificates>(servedCertificates, [well.ports, silent.ports], 20);
    expect(performance.now() - began).toBeLessThan(7_000);
    expect(nodes.map(({ answers }) => new Set(answers.map(({ answer }) => answer.kind)))).toEqual([
      new Set(['chain']),
      new Set(['silent']),
    ]);
  });
});
