import { describe, expect, test } from 'vitest';
import kernelNetwork from '../../../checks/jaco/kernel-network.ts';
import type { KernelRoute } from '../../../src/probes/host/kernel-routes.ts';
import { EXTERNAL_ADDRESS as OUTSIDE } from '../../../src/probes/jaco/network/kernel-routes.ts';
import { brief, idsAndTextsArePinned, unquoted } from '../scene.ts';
import { containerRoutes, HEALTHY_ROUTES, judgeIsolation, type Scene } from './scenes/isolation-scene.ts';

describe('kernel-network', () => {
  const said = (scene: Scene) => judgeIsolation(scene)['kernel-network'];

  test('nothing is passed on', () => {
    expect(brief(said({ forwarding: { all: false } }))).toBe('fail ip_forward_disabled:host');
  });

  test('nothing is passed on by an interface of JACO', () => {
    const row = said({ forwarding: { off: ['docker0', 'jaco-5042-61bb'] } });
    expect(brief(row)).toBe('fail ip_forward_disabled:interface');
    expect(row?.findings[0]?.values).toEqual({ interface: 'jaco-5042-61bb' });
    expect(brief(said({ forwarding: { off: ['docker0', 'wlan0'] } }))).toBe('pass');
  });

  test('answers are not passed on by the interface to the outside', () => {
    const row = said({ forwarding: { off: ['docker0', 'eth0'] } });
    expect(brief(row)).toBe('fail ip_forward_disabled:interface');
    expect(row?.findings[0]?.values).toEqual({ interface: 'eth0' });
  });

  test('the kernel gives no outgoing route for a container if forwarding is off: that is one fault, not two', () => {
    const routes = HEALTHY_ROUTES.routes.map(
      (one): KernelRoute =>
        one.forwarded?.iif === 'jaco-5042-61bb'
          ? { to: one.to, forwarded: one.forwarded, kind: 'error', error: 'No route to host' }
          : one,
    );
    expect(brief(said({ forwarding: { off: ['jaco-5042-61bb'] }, kernel: { routes } }))).toBe(
      'fail ip_forward_disabled:interface',
    );
  });

  test('a strict filter on the mesh is a note', () => {
    const row = said({ forwarding: { strict: ['eth0', 'jaco0'] } });
    expect(brief(row)).toBe('pass');
    expect(unquoted(row, 'rp_filter', 'jaco0')).toEqual([]);
  });

  describe('a bridge', () => {
    const links = HEALTHY_ROUTES.links.filter(({ name }) => name !== 'jaco-5042-1b78');
    const healthy = { name: 'jaco-5042-1b78', up: true, carrier: true, addresses: ['10.244.1.1'] };

    test.each([
      ['is down', [...links, { ...healthy, up: false }], 'link-down'],
      ['lost the gateway address', [...links, { ...healthy, addresses: [] }], 'no-gateway-address'],
      ['is missing while a container runs on it', links, 'missing'],
    ])('%s', (_, list, cause) => {
      const row = said({ kernel: { links: list } });
      expect(brief(row)).toBe(`fail bridge_down:${cause} jaco_shop_front`);
      expect(row?.findings[0]?.values).toEqual({ bridge: 'jaco-5042-1b78' });
    });

    test('without carrier is healthy: no container runs on it', () => {
      expect(brief(said({ kernel: { links: [...links, { ...healthy, carrier: false }] } }))).toBe('pass');
    });
  });

  describe('the route to a container', () => {
    const others = HEALTHY_ROUTES.routes.filter(
      ({ to, forwarded }) => to !== '10.244.1.2' && forwarded?.from !== '10.244.1.2',
    );
    const [inward, outward] = containerRoutes('10.244.1.2', 'jaco-5042-1b78');
    const route = (given: object) => ({ ...inward, ...given }) as KernelRoute;

    test('leads into a tunnel whose table comes before the main one', () => {
      const routes = [...others, route({ dev: 'tailscale0', table: '52' }), outward as KernelRoute];
      const row = said({ kernel: { routes } });
      expect(brief(row)).toBe('fail route_to_pool_wrong:pool-elsewhere jaco_shop_front');
      expect(row?.findings[0]?.values).toEqual({ route: '10.244.1.2 dev tailscale0 table 52' });
    });

    test('leads to the bridge of another platform with the same addresses', () => {
      const routes = [...others, route({ dev: 'cni0' }), outward as KernelRoute];
      expect(said({ kernel: { routes } })?.findings[0]?.values).toEqual({ route: '10.244.1.2 dev cni0' });
    });

    test('is another one for packets that have the address of the gateway, such as its answers', () => {
      const answer = route({ source: '10.244.1.1', dev: 'eth0', gateway: '10.82.0.254', table: '100' });
      const row = said({ kernel: { routes: [...others, inward as KernelRoute, answer, outward as KernelRoute] } });
      expect(brief(row)).toBe('fail route_to_pool_wrong:pool-elsewhere jaco_shop_front');
      expect(row?.findings[0]?.values).toEqual({
        route: '10.244.1.2 from 10.244.1.1 via 10.82.0.254 dev eth0 table 100',
      });
      const same = route({ source: '10.244.1.1' });
      expect(
        brief(said({ kernel: { routes: [...others, inward as KernelRoute, same, outward as KernelRoute] } })),
      ).toBe('pass');
    });

    test('ends in a blackhole', () => {
      const routes = [...others, route({ type: 'blackhole', dev: null }), outward as KernelRoute];
      expect(brief(said({ kernel: { routes } }))).toBe('fail route_to_pool_wrong:pool-elsewhere jaco_shop_front');
    });

    test.each([
      ['Invalid argument', 'the blackhole route that contains 10.244.1.2'],
      ['No route to host', 'the unreachable route that contains 10.244.1.2'],
      ['Permission denied', 'the prohibit route that contains 10.244.1.2'],
    ])('is refused by the kernel: %s', (error, expected) => {
      const refused = { kind: 'error' as const, to: '10.244.1.2', forwarded: null, error };
      const row = said({ kernel: { routes: [...others, refused, outward as KernelRoute] } });
      expect(brief(row)).toBe('fail route_to_pool_wrong:pool-elsewhere jaco_shop_front');
      expect(row?.findings[0]?.values).toEqual({ route: expected });
    });

    test.each<[string, KernelRoute]>([
      ['is the default route', route({ dev: 'eth0', gateway: '10.82.0.254' })],
      ['does not exist', { kind: 'error', to: '10.244.1.2', forwarded: null, error: 'Network is unreachable' }],
    ])('%s: the address of the bridge has lost its network', (_, lost) => {
      const row = said({ kernel: { routes: [...others, lost, outward as KernelRoute] } });
      expect(brief(row)).toBe('fail route_to_pool_wrong:no-bridge-route jaco_shop_front');
      expect(row?.findings[0]?.values).toEqual({ bridge: 'jaco-5042-1b78' });
    });

    test('out of it ends in a table without a default route, though this host has one', () => {
      const none = { to: OUTSIDE, forwarded: { from: '10.244.1.2', iif: 'jaco-5042-1b78' } };
      const routes = [
        ...others,
        inward as KernelRoute,
        { ...none, kind: 'error' as const, error: 'Network is unreachable' },
      ];
      const row = said({ kernel: { routes } });
      expect(brief(row)).toBe('fail route_to_pool_wrong:no-way-out jaco_shop_front');
      expect(row?.findings[0]?.evidence.join('\n')).toContain('Network is unreachable');
    });

    test('to the outside is not a fault if this host itself has no such route', () => {
      const routes = HEALTHY_ROUTES.routes.map(
        (one): KernelRoute =>
          one.to === OUTSIDE
            ? { to: one.to, forwarded: one.forwarded, kind: 'error', error: 'Network is unreachable' }
            : one,
      );
      const row = said({ kernel: { routes, nextHop: null } });
      expect(brief(row)).toBe('pass');
      expect(row?.notes).toHaveLength(1);
    });
  });
});

idsAndTextsArePinned('jaco', kernelNetwork);
