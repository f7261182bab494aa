import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { advised, expectSaid, findings, ids } from '../expect.ts';
import { until } from '../shell.ts';
import { CONFIG, type Host } from './host.ts';
import { WORKLOAD } from './workload.ts';

/** Shell that finds the number of a rule of JACO: `handle CHAIN WORDS`. */
const HANDLE = `handle() { nft -a list chain inet jaco "$1" | grep -m1 -e "$2" | sed 's/.*# handle //'; }`;

const noHarm = /rm -rf|cluster init|node remove|^nft flush/m;

/** A packet filter that does not do what JACO needs: each fault is really in the kernel. */
export function packetFaults(the: () => Host): void {
  beforeEach(async () => {
    await the().mendNetwork();
  });

  describe('the packet filter of the host', () => {
    it('is correct', async () => {
      const run = await the().doctor();
      expectSaid('healthy, three networks', run, { first: null, exit: 0 });
      expect(ids(run)).toEqual([]);
      expect(run.report.checks.filter(({ status }) => status === 'unknown')).toEqual([]);
    });

    it.each([
      ['chain deleted', 'nft delete chain inet jaco input', /missing:chain:input/],
      ['table deleted', 'nft delete table inet jaco', /table inet jaco does not exist/],
      [
        'everything flushed',
        'nft flush ruleset; iptables-restore /opt/installed/iptables.rules',
        /table inet jaco does not exist/,
      ],
      ['foreign set', 'nft add set inet jaco mine "{ type ipv4_addr; }"', /extra:set:mine/],
    ])('%s, which the daemon itself detects', async (what, script, because) => {
      await the().sh(script);
      const run = await the().doctor();
      expectSaid(what, run, { first: 'isolation_self_test_failed', exit: 1, because: [because] });
      expect(advised(run).join('\n')).not.toMatch(noHarm);
    });

    it.each([
      ['rules flushed', 'nft flush chain inet jaco forward', /chain forward has no rules/],
      ['table flushed, as `nft flush table` does', 'nft flush table inet jaco', /chain forward has no rules/],
      [
        'drop deleted',
        'nft delete rule inet jaco forward handle $(handle forward drop)',
        /the drop at the end is missing/,
      ],
      ['accept first', 'nft insert rule inet jaco forward ip daddr 10.244.0.0/16 accept', /before the drop/],
      [
        'accept after the drop',
        'nft delete rule inet jaco forward handle $(handle forward "saddr @dep_net_blog_front"); nft add rule inet jaco forward ip saddr @dep_net_blog_front ip daddr @dep_net_blog_front accept',
        /dep_net_blog_front/,
      ],
      ['stacked', 'nft list table inet jaco >/tmp/t; nft -f /tmp/t', /rules 2 times/],
      [
        'element of another network',
        'nft add element inet jaco dep_net_shop_back "{ 10.244.2.0/24 }"',
        /reach each other/,
      ],
      ['element missing in the pool', 'nft delete element inet jaco jaco_pool "{ 10.244.2.0/24 }"', /not in jaco_pool/],
      [
        'element missing in its set',
        'nft delete element inet jaco dep_net_shop_back "{ 10.244.0.0/24 }"',
        /10.244.0.0\/24/,
      ],
    ])('%s, at which the daemon never looks', async (what, script, because) => {
      await the().sh(`${HANDLE}\n${script}`);
      const run = await the().doctor();
      expectSaid(what, run, {
        first: 'isolation_rules_wrong',
        exit: 1,
        because: [because],
        never: ['isolation_self_test_failed'],
      });
      expect(advised(run).join('\n')).not.toMatch(noHarm);
    });

    it.each([
      ['nothing, in a foreign chain', 'nft add chain inet jaco mine; nft add rule inet jaco mine counter'],
      ['a log before the rules', 'nft insert rule inet jaco forward log prefix "seen "'],
      [
        'tables of others that let it pass',
        'nft add table inet other; nft add chain inet other f "{ type filter hook forward priority 5; policy accept; }"; nft add rule inet other f ip daddr 198.51.100.0/24 drop',
      ],
      ['the table put back by hand', 'nft delete table inet jaco; nft -j -f /opt/installed/table.json'],
      ['rules of the legacy iptables in addition', 'iptables-legacy -A INPUT -p tcp --dport 23 -j DROP'],
    ])('drops nothing it should not: %s', async (what, script) => {
      await the().sh(script);
      expectSaid(what, await the().doctor(), { first: null, exit: 0, never: ['foreign_firewall_drop'] });
      await the().sh('iptables-legacy -F INPUT');
    });
  });

  describe('another firewall', () => {
    it.each([
      [
        'policy drop of a hand-made table',
        'nft add table inet filter; nft add chain inet filter forward "{ type filter hook forward priority 0; policy drop; }"',
        /nft table inet filter, chain forward: its policy is drop/,
      ],
      [
        'names of containers refused',
        'nft add table inet filter; nft add chain inet filter input "{ type filter hook input priority 0; policy drop; }"; nft add rule inet filter input iif lo accept; nft add rule inet filter input ct state established,related accept; nft add rule inet filter input tcp dport 22 accept',
        /JACO's resolver/,
      ],
      [
        'dropped before it is routed',
        'nft add table ip early; nft add chain ip early pre "{ type filter hook prerouting priority -300; }"; nft add rule ip early pre ip saddr 10.0.0.0/8 drop',
        /chain pre/,
      ],
      // Below JACO's two rules, which the daemon puts first every 30 s.
      ['in DOCKER-USER', 'iptables -I DOCKER-USER 3 -s 10.244.0.0/16 -j DROP', /chain DOCKER-USER.*-s 10.244.0.0\/16/],
      ['by the older iptables', 'iptables-legacy -I FORWARD -i jaco-+ -j REJECT', /iptables-legacy table filter/],
    ])('%s', async (what, script, because) => {
      await the().sh(script);
      const run = await the().doctor();
      expectSaid(what, run, { first: 'foreign_firewall_drop', exit: 1, because: [because] });
      expect(advised(run).join('\n')).not.toMatch(noHarm);
      await the().sh('iptables-legacy -F');
    });
  });

  describe("the rules that let JACO's traffic past Docker's", () => {
    it.each([
      [
        'address translation',
        'iptables -t nat -D POSTROUTING -s 10.244.0.0/16 -d 10.244.0.0/16 -j RETURN',
        /POSTROUTING/,
      ],
      ['raw', 'iptables -t raw -F PREROUTING', /PREROUTING/],
      ['DOCKER-USER', 'iptables -D DOCKER-USER -s 10.244.0.0/16 -d 10.244.0.0/16 -j ACCEPT', /DOCKER-USER/],
      ['no jump to DOCKER-USER', 'iptables -D FORWARD -j DOCKER-USER', /DOCKER-USER/],
    ])('are missing: %s', async (what, script, because) => {
      await the().sh(script);
      const run = await the().doctor();
      expectSaid(what, run, { first: 'overlay_exemption_missing', exit: 1, because: [because] });
    });

    it('were written through legacy iptables, which is the host’s default', async () => {
      const host = the();
      await host.sh(`
        nft delete table ip nat; nft delete table ip raw; nft delete table ip filter
        update-alternatives --quiet --set iptables /usr/sbin/iptables-legacy
        iptables-restore /opt/installed/iptables.rules`);
      try {
        expectSaid('legacy, all there', await host.doctor(), { first: null, exit: 0 });
        await host.sh('iptables -t raw -F PREROUTING');
        expectSaid('legacy, raw gone', await host.doctor(), { first: 'overlay_exemption_missing', exit: 1 });
        await host.sh(
          'iptables-restore /opt/installed/iptables.rules; rm -f /run/xtables.lock; install -m 0600 /dev/null /run/xtables.lock',
        );
        await host.sh('iptables -t raw -F PREROUTING');
        const run = await host.doctor();
        expectSaid('legacy, lock of root', run, {
          first: 'overlay_exemption_missing',
          exit: 1,
          because: [/xtables.lock/],
        });
        expect(advised(run)).toContain('chmod 0644 /run/xtables.lock');
      } finally {
        await host.sh(`
          for table in nat raw filter; do iptables-legacy -t $table -F; iptables-legacy -t $table -X; done
          iptables-legacy -P FORWARD ACCEPT
          update-alternatives --quiet --set iptables /usr/sbin/iptables-nft; rm -f /run/xtables.lock`);
      }
    });
  });

  describe('the kernel', () => {
    it('passes nothing on', async () => {
      await the().sh('echo 0 >/proc/sys/net/ipv4/ip_forward');
      const run = await the().doctor();
      expectSaid('ip_forward off', run, { first: 'ip_forward_disabled', exit: 1 });
      // The printed steps, unchanged, and the verify command after them.
      for (const { fix } of findings(run).filter(({ id }) => id === 'ip_forward_disabled'))
        for (const step of fix) if (step.run !== null) await the().sh(step.run.map((word) => `'${word}'`).join(' '));
      expectSaid('ip_forward on again', await the().doctor(['--only', 'kernel-network']), { first: null, exit: 0 });
    });

    it('passes nothing on from one interface', async () => {
      await the().sh('echo 0 >/proc/sys/net/ipv4/conf/jaco-5042-61bb/forwarding');
      expectSaid('forwarding of one bridge off', await the().doctor(), {
        first: 'ip_forward_disabled',
        exit: 1,
        because: [/jaco-5042-61bb/],
      });
      await the().sh('echo 1 >/proc/sys/net/ipv4/conf/jaco-5042-61bb/forwarding');
    });
  });
}

/** Obstacles between the daemon and its packet filter. */
export function daemonFirewall(the: () => Host): void {
  describe('the daemon and its firewall', () => {
    it('has no nft, and neither has the host', async () => {
      const host = the();
      await host.sh('mv /usr/sbin/nft /usr/sbin/nft.away');
      const run = await host.doctor();
      await host.sh('mv /usr/sbin/nft.away /usr/sbin/nft');
      expectSaid('no nft', run, {
        first: 'firewall_binary_missing',
        exit: 1,
        because: [/no nft in/],
        never: ['isolation_self_test_failed', 'isolation_rules_wrong'],
      });
    });

    it('has an nft that is not on its PATH', async () => {
      const host = the();
      await host.sh('mkdir -p /opt/away; mv /usr/sbin/nft /opt/away/nft');
      await host.dropIn('[Service]\nEnvironment=PATH=/usr/bin:/bin\n');
      await host.sh('mv /opt/away/nft /usr/sbin/nft; systemctl restart jaco.service');
      await host.leads();
      expectSaid('nft not on PATH', await host.doctor(), {
        first: 'firewall_binary_missing',
        exit: 1,
        because: [/no nft in \/usr\/bin:\/bin/],
      });
    });

    it('lacks the capability', async () => {
      const host = the();
      await host.dropIn('[Service]\nAmbientCapabilities=\nAmbientCapabilities=CAP_NET_BIND_SERVICE\n');
      await host.sh('systemctl restart jaco.service');
      await host.leads();
      expectSaid('no CAP_NET_ADMIN', await host.doctor(), {
        first: 'firewall_not_permitted',
        exit: 1,
        because: [/CAP_NET_ADMIN/],
        never: ['firewall_binary_missing'],
      });
    });

    it('has reported that this node has no isolation', async () => {
      const host = the();
      await host.tell({
        ...WORKLOAD,
        isolation: 'nft apply: exit status 1: Error: Could not process rule: Operation not permitted',
      });
      const run = await host.doctor();
      await host.tell(WORKLOAD);
      expectSaid('isolation_unavailable', run, { first: 'isolation_unavailable', exit: 1 });
    });
  });
}

/** Name servers, listeners and names. */
export function nameFaults(the: () => Host): void {
  describe('names', () => {
    afterEach(async () => {
      await the().sh('systemctl stop taken.service local.service 2>/dev/null || true');
    });

    it.each([
      ['stopped', 'systemctl stop resolver.service', 'nothing is listening there'],
      ['hangs', 'kill -STOP $(systemctl show -P MainPID resolver.service)', 'no answer within'],
      ['cut off', 'iptables -I INPUT -p udp --dport 5353 -j DROP', 'no answer over UDP; it answers over TCP'],
    ])('the only name server: %s', async (what, script, words) => {
      await the().sh(script);
      const run = await the().doctor();
      await the().sh('systemctl kill -s CONT resolver.service 2>/dev/null || true');
      expectSaid(`name server ${what}`, run, {
        first: 'dns_upstream_unreachable',
        exit: 1,
        because: [new RegExp(words)],
      });
    });

    it('a name server for this network only is not a fault', async () => {
      const host = the();
      await host.sh(`
        systemctl stop resolver.service
        systemd-run -q --unit=local dnsmasq -k --conf-file=/dev/null --no-resolv --no-hosts --bind-interfaces --listen-address=127.0.0.1 --port=5353 --user=root --pid-file`);
      await until('it answers', async () => (await host.sh('ss -Hlun sport = :5353')) !== '');
      const run = await host.doctor();
      expectSaid('closed network', run, { first: null, exit: 0, never: ['dns_upstream_unreachable'] });
    });

    it('a service has none', async () => {
      const host = the();
      await host.tell({ ...WORKLOAD, unknown: ['db'] });
      const run = await host.doctor();
      await host.tell(WORKLOAD);
      expectSaid('no name for db', run, {
        first: 'dns_service_unresolved',
        exit: 1,
        because: [/10\.244\.0\.1:53 answers NXDOMAIN for db/],
      });
    });

    it('nothing listens on the gateways', async () => {
      const host = the();
      await host.tell({ ...WORKLOAD, resolves: false });
      await host.sh('systemctl restart jaco.service');
      await host.leads();
      expectSaid('just started', await host.doctor(), { first: null, exit: 0, never: ['dns_listener_missing'] });
      await until('the daemon is 9 s old', async () => (await host.age()) > 9);
      const run = await host.doctor();
      expectSaid('no listener', run, { first: 'dns_listener_missing', exit: 1, never: ['dns_service_unresolved'] });
      await host.tell(WORKLOAD);
    });

    it('another program listens there', async () => {
      const host = the();
      await host.sh(`
        systemctl stop jaco.service
        systemd-run -q --unit=taken dnsmasq -k --conf-file=/dev/null --no-resolv --no-hosts --user=root --pid-file`);
      await until('dnsmasq has the port', async () => (await host.sh('ss -Hlun sport = :53')) !== '');
      await host.sh('systemctl start jaco.service');
      await host.leads();
      await until('the daemon is 9 s old', async () => (await host.age()) > 9);
      const run = await host.doctor();
      expectSaid('port 53 taken', run, { first: 'dns_listener_missing', exit: 1, because: [/dnsmasq/] });
    });

    it('no name server is configured', async () => {
      const host = the();
      host.configure(CONFIG.replace(/dns:\n.*\n/, ''));
      await host.sh(
        `cp /etc/resolv.conf /tmp/r; echo 'nameserver 127.0.0.11' >/etc/resolv.conf; systemctl restart jaco.service`,
      );
      await host.leads();
      const run = await host.doctor();
      await host.sh('cat /tmp/r >/etc/resolv.conf');
      host.configure(CONFIG);
      expectSaid('no upstreams', run, { first: 'dns_no_upstreams', exit: 1 });
    });
  });
}

/** What each user sees. */
export function networkUsers(the: () => Host): void {
  describe('an operator who is not root', () => {
    it.each(['op', 'jacoop'] as const)('%s is shown what root would see, and no fault', async (user) => {
      const run = await the().doctor([], { user });
      expect(run.report.first).toBeNull();
      expect(run.code).toBe(3);
      const row = (name: string) => run.report.checks.find((one) => one.name === name);
      expect(row('nft-self-test')?.status).toBe('unknown');
      expect(JSON.stringify(row('nft-self-test'))).toMatch(/root/);
      // Forwarding is readable; only Docker shows which bridges have containers.
      expect(row('kernel-network')?.status).toBe('unknown');
      expect(row('container-traffic')?.status).toBe('unknown');
      if (user === 'jacoop') {
        expect(row('node-isolation')?.status).toBe('pass');
        expect(row('dns-answers')?.status).toBe('pass');
      }
    });
  });
}
