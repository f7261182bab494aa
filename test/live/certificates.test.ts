import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findings, ids } from '../real/expect.ts';
import { Lab, realJaco, sayWhatWasNotRun } from './lab.ts';
import { Sites } from './sites.ts';

const missing = realJaco() === null;
if (missing) sayWhatWasNotRun('test/live/certificates, the doctor on real certificates of a real authority');

describe.skipIf(missing)('two real daemons that order from an authority', { timeout: 300_000 }, () => {
  let lab: Lab;
  let sites: Sites;
  const serve = (...domains: readonly string[]): Promise<void> => sites.serve('shop', domains);

  beforeAll(async () => {
    lab = await Lab.start({ nodes: 2, engines: true, authority: true, prefix: 'e', subnet: '10.171.0' });
    sites = new Sites(lab);
  }, 120_000);
  afterAll(() => lab?.close());
  afterEach(async () => {
    await sites?.remove(['shop']);
  });

  it('serve what the private authority issued, on both, and no reload of the proxy is an error', async () => {
    await serve('shop.test');
    await sites.certified('shop.test');
    await sites.comesTo('issued by a private authority', {});
    await sites.certified('shop.test', 2);
    await sites.comesTo('issued, on the follower', { on: 2 });
    await sites.docker(1, 'restart -t 1 jaco_shop-web-0');
    await sites.until('shop-web-0', 'running');
    await sites.comesTo('reloaded', {});
  });

  it('are refused for a name that does not exist, and have the certificate once it does', async () => {
    await lab.sh('lab_name nowhere.test');
    await serve('nowhere.test');
    const run = await sites.comesTo('dns', {
      first: 'cert_failed',
      because: [/nowhere\.test/, /could not resolve/],
    });
    await lab.sh(`lab_name nowhere.test ${lab.subnet}.1`);
    await serve('nowhere.test', 'again.test');
    await sites.certified('nowhere.test');
    await sites.verified('dns', run, 'cert_failed');
  });

  it('are refused for a name at which nothing listens on port 80', async () => {
    await lab.sh(`lab_name closed.test ${lab.subnet}.250`);
    await serve('closed.test');
    await sites.comesTo('connection', { first: 'cert_failed', because: [/closed\.test/, /refused/] });
  });

  it('are refused for a name of another web server', async () => {
    await lab.sh(`lab_elsewhere; lab_name other.test ${lab.subnet}.251`);
    await serve('other.test');
    await sites.comesTo('unauthorized', {
      first: 'cert_failed',
      because: [/other\.test/, /404/],
    });
  });

  it('cannot have a certificate for a wildcard', async () => {
    await serve('*.wild.test');
    await sites.comesTo('wildcard', { first: 'cert_failed', because: [/\*\.wild\.test/, /dns-01|no solvers/] });
  });

  it('do not reach the authority', async () => {
    await lab.sh('lab_authority_end');
    await serve('unreached.test');
    const run = await sites.comesTo('authority unreachable', {
      first: 'cert_failed',
      because: [/unreached\.test/, /refused/],
    });
    expect(ids(run)).not.toContain('cert_not_issued');
    await lab.sh('lab_authority_start');
  });

  it('serve stored certificates that browsers refuse, while the authority is away', async () => {
    await lab.sh('lab_authority_end');
    const stored = {
      // The cause is a renewal that the authority does not answer.
      'expired.test': { from: -91, to: -1, first: 'cert_failed' },
      'young.test': { from: 2, to: 92, first: 'cert_expired' },
    };
    for (const [domain, { first, ...of }] of Object.entries(stored)) {
      sites.store(domain, of);
      await serve(domain);
      await sites.certified(domain);
      const run = await sites.comesTo(domain, { first });
      expect(findings(run).find(({ id }) => id === 'cert_expired')?.subject).toBe(domain);
      await sites.remove(['shop']);
    }
    await lab.sh('lab_authority_start');
  });

  it('differ in acme_enabled: the node that speaks plain HTTP is named', async () => {
    await serve('shop.test');
    await sites.certified('shop.test');
    await lab.sh(
      'lab_end 2 TERM; sed -i "/^acme_/d" "$LAB/j2/jacod.yaml"; echo "acme_enabled: false" >>"$LAB/j2/jacod.yaml"; lab_start 2; lab_wait "jaco-2 answers" lab_answers 2',
    );
    await lab.sh('lab_wait "plain HTTP on 443" lab_plain 2');
    await sites.comesTo('acme_enabled differs, from node 1', { first: 'cert_not_issued', because: [/jaco-2/] });
    await sites.comesTo('acme_enabled differs, on node 2', { first: 'cert_not_issued', on: 2 });
    await lab.sh('lab_end 2 TERM; lab_config 2; lab_start 2; lab_wait "jaco-2 answers" lab_answers 2');
    await sites.certified('shop.test', 2);
    await sites.comesTo('acme_enabled equal again', {});
  });
});
