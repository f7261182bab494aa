import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { advised, findings, ids } from '../real/expect.ts';
import { until } from '../real/shell.ts';
import { Lab, realJaco, sayWhatWasNotRun } from './lab.ts';
import { route, Sites, WEB } from './sites.ts';

const missing = realJaco() === null;
if (missing) sayWhatWasNotRun('test/live/ingress, the doctor on real proxies with held ports and broken routes');

describe.skipIf(missing)('two real daemons with real engines and an authority', { timeout: 240_000 }, () => {
  let lab: Lab;
  let sites: Sites;
  const applied = new Set<string>();
  const held = new Set<string>();
  const serve: Sites['serve'] = (name, ...rest) => {
    applied.add(name);
    return sites.serve(name, ...rest);
  };
  const apply: Sites['apply'] = (name, ...rest) => {
    applied.add(name);
    return sites.apply(name, ...rest);
  };
  /** Another program takes a port of a node while its daemon is down, so the daemon finds it taken. Returns the pid. */
  const hold = async (i: number, port: number, tls = ''): Promise<string> => {
    const pid = await lab.sh(
      `lab_end ${i} TERM; lab_hold ${i} ${port} ${tls}; lab_start ${i}; lab_wait "jaco-${i} knows a leader" lab_leads ${i}
      cat "$LAB/j${i}/held-${port}"`,
    );
    held.add(`${i} ${port}`);
    return pid;
  };
  const release = async (i: number, port: number): Promise<void> => {
    held.delete(`${i} ${port}`);
    await lab.sh(`lab_release ${i} ${port}`);
  };

  beforeAll(async () => {
    lab = await Lab.start({ nodes: 2, engines: true, authority: true, prefix: 'e', subnet: '10.171.0' });
    sites = new Sites(lab);
  }, 120_000);
  afterAll(() => lab?.close());
  afterEach(async () => {
    for (const one of held) await lab.sh(`lab_release ${one}`);
    held.clear();
    await lab?.sh('lab_undrop 1; lab_engine_back 1');
    await sites?.remove([...applied]);
    applied.clear();
  });

  it('have no route: nothing listens, and that is healthy', async () => {
    await sites.comesTo('no route', {});
    await sites.looks('no route, on the follower', { on: 2 });
  });

  it('have odd and healthy routes: only tls off, an application that answers 404, a replica of another node', async () => {
    await serve('plain', ['plain.test'], 'off');
    await sites.comesTo('tls off only', {});
    await serve('shop', ['far.test'], 'auto', 2);
    await sites.certified('far.test');
    await sites.comesTo('the replica is on another node', {});
    await sites.comesTo('the replica is here, the route on every node', { on: 2 });
    expect(await lab.sh('lab_get 1 plain.test')).toBe('404');
    await sites.looks('an application that answers 404', {});
  });

  it('have port 80 held before the first route: the holder is named, and after the fix the verify command passes', async () => {
    const pid = await hold(1, 80);
    await serve('shop', ['held.test'], 'off');
    const run = await sites.comesTo('80 held', {
      first: 'ingress_port_conflict',
      because: [/:80\b/, /busybox/, new RegExp(`\\b${pid}\\b`)],
    });
    expect(ids(run)).not.toContain('acme_challenge_intercepted');
    await release(1, 80);
    await sites.verified('80 held', run, 'ingress_port_conflict');
    await sites.comesTo('80 held and freed: the errors are history', {});
  });

  it('have port 443 held by a foreign TLS server on a follower: reported there, and its certificate is reported from the leader', async () => {
    await hold(2, 443, 'tls');
    await serve('shop', ['foreign.test']);
    await sites.certified('foreign.test');
    const there = await sites.comesTo('443 held, there', {
      first: 'ingress_port_conflict',
      because: [/:443\b/, /openssl/],
      on: 2,
    });
    const run = await sites.comesTo('443 held, from the leader', {
      first: 'cert_not_served',
      because: [/other\.example/, /10\.171\.0\.2:443/],
    });
    const own = findings(run).filter(({ id }) => id !== 'mesh_unavailable');
    expect(own.map(({ id, subject }) => [id, subject])).toEqual([['cert_not_served', 'jaco-2']]);
    expect(advised(run).join('\n')).toMatch(/jaco-doctor .*ingress-listeners/);
    await release(2, 443);
    await sites.certified('foreign.test', 2);
    await sites.verified('443 held', there, 'ingress_port_conflict', 2);
    await sites.comesTo('443 freed, from the leader', {});
  });

  it('have a published port held: the whole proxy is frozen, a later route is missing, and one id says why', async () => {
    await serve('shop', ['front.test']);
    await sites.certified('front.test');
    await hold(1, 9092);
    await apply('data', { db: { compose: [...(WEB.compose ?? []), 'ports: ["9092:8080"]'] } });
    await sites.until('data-db-0', 'running');
    await serve('late', ['late.test'], 'off');
    const run = await sites.comesTo('9092 held', { first: 'ingress_port_conflict', because: [/9092/, /busybox/] });
    await release(1, 9092);
    await sites.verified('9092 held', run, 'ingress_port_conflict');
  });

  it('have a route of a service without replicas', async () => {
    await apply('shop', { web: { ...WEB, jaco: ['replicas: 0'] } }, [route('zero.test', { tls: 'off' })]);
    const run = await sites.comesTo('zero replicas', { first: 'route_no_upstreams', because: [/zero\.test/] });
    expect(advised(run).join('\n')).toMatch(/replicas of (the service )?web/i);
    await apply('shop', { web: WEB }, [route('zero.test', { tls: 'off' })]);
    await sites.until('shop-web-0', 'running');
    await sites.verified('zero replicas', run, 'route_no_upstreams');
  });

  it('have a route to a port at which nothing listens', async () => {
    await apply('shop', { web: WEB }, [route('port.test', { port: 9999, tls: 'off' })]);
    await sites.until('shop-web-0', 'running');
    const run = await sites.comesTo(
      'wrong port',
      {
        first: 'route_upstream_unreachable',
        because: [/9999/],
      },
      120_000,
    );
    await apply('shop', { web: WEB }, [route('port.test', { tls: 'off' })]);
    await sites.verified('wrong port', run, 'route_upstream_unreachable');
  });

  it('have networks in jaco.yaml that the compose file does not give the service', async () => {
    await apply('shop', { web: { ...WEB, jaco: ['networks: [other]'] } }, [route('net.test', { tls: 'off' })]);
    await sites.until('shop-web-0', 'running');
    const run = await sites.comesTo('networks override', { first: 'route_no_upstreams', because: [/other/] });
    await apply('shop', { web: WEB }, [route('net.test', { tls: 'off' })]);
    await sites.verified('networks override', run, 'route_no_upstreams');
  });

  it('have a container that was disconnected from its network', async () => {
    await serve('shop', ['net.test'], 'off');
    await sites.comesTo('connected', {});
    await sites.docker(1, 'network disconnect jaco_shop_net jaco_shop-web-0');
    await until('the proxy has no upstream', async () => /upstreams":null/.test(await lab.sh('lab_proxy 1')), 40_000);
    // The container is recreated, as both findings advise.
    await until('the route is reported', async () => ids(await lab.doctor(1)).includes('route_no_upstreams'), 40_000);
    const run = await sites.comesTo('disconnected', { first: 'dns_service_unresolved', because: [/not attached/] });
    expect(ids(run)).toContain('route_no_upstreams');
    await sites.docker(1, 'rm -f jaco_shop-web-0');
    await sites.verified('disconnected', run, 'route_no_upstreams');
  });

  it('have a route that another deployment takes, and that is missing after that one is deleted', async () => {
    await serve('shop', ['taken.test'], 'off');
    await serve('thief', ['taken.test'], 'off');
    const run = await sites.comesTo('route taken', { first: 'route_taken', because: [/thief/, /shop/] });
    await sites.remove(['thief']);
    applied.delete('thief');
    const gone = await sites.comesTo('taken, and the taker deleted', {
      first: 'route_taken',
      because: [/taken\.test/],
    });
    await serve('shop', ['taken.test'], 'off');
    await sites.verified('route taken', run, 'route_taken');
    await sites.verified('route gone', gone, 'route_taken');
  });

  it('have a dead program, a stopped engine and a rule of another firewall behind a route: the cause leads', async () => {
    await apply('shop', { web: { compose: ['command: [sh, -c, "sleep 3; exit 3"]'] } }, [
      route('dead.test', { tls: 'off' }),
    ]);
    await sites.comesTo('dead replica', { first: 'container_exited' });
    await serve('shop', ['dead.test'], 'off');
    await sites.comesTo('alive', {});
    await lab.sh('lab_drop 1');
    await sites.comesTo('foreign firewall', { first: 'foreign_firewall_drop' });
    await lab.sh('lab_undrop 1');
    await sites.comesTo('rule removed', {});
    await lab.sh('lab_engine_end 1 TERM');
    await sites.comesTo('docker stopped', { first: 'docker_error' });
    await lab.sh('lab_engine 1');
    await sites.comesTo('docker started', {});
  });
});
