import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectSaid, ids } from '../real/expect.ts';
import { until } from '../real/shell.ts';
import { Lab, realJaco, sayWhatWasNotRun } from './lab.ts';
import { Workloads } from './workloads.ts';

const missing = realJaco() === null;
if (missing) sayWhatWasNotRun('test/live/isolation, the doctor on real daemons whose rules, names and ways are broken');

const SLEEP = ['command: [sleep, "86400"]'];
/** Shell that finds the number of a rule of JACO: `handle CHAIN WORDS`. */
const HANDLE = `handle() { nft -a list chain inet jaco "$1" | grep -m1 -e "$2" | sed 's/.*# handle //'; }`;
const OWN_LIMIT_MS = 45_000;

describe.skipIf(missing)('two real daemons, each with a real engine', { timeout: 240_000 }, () => {
  let lab: Lab;
  let work: Workloads;
  /** Shell on node 1. */
  const at = (script: string, node = 1): Promise<string> =>
    lab.sh(`lab_on ${node} bash -euc '${script.replaceAll("'", `'\\''`)}'`);
  /** A deployment that once could not be placed is PENDING until its next apply, so this warning is correct. */
  const LASTS = ['mesh_unavailable', 'deployment_pending_stale'];
  const clean = async (): Promise<boolean> => {
    const run = await lab.doctor(1);
    return run.code === 0 && ids(run).every((id) => LASTS.includes(id));
  };

  beforeAll(async () => {
    lab = await Lab.start({ nodes: 2, engines: true, prefix: 'li', subnet: '10.78.0' });
    work = new Workloads(lab);
    await work.apply('shop', { web: { compose: SLEEP }, api: { compose: SLEEP, on: 2 } });
    await work.apply('blog', { app: { compose: SLEEP } });
    for (const replica of ['shop-web-0', 'shop-api-0', 'blog-app-0']) await work.until(replica, 'running');
  }, 180_000);
  afterAll(() => lab?.close());
  afterEach(() =>
    until('it is as it was', clean, 70_000).catch(async (error) => {
      expectSaid('not as it was', await lab.doctor(1), { first: null, exit: 0 });
      throw error;
    }),
  );

  it('look right a moment after an apply, and later', async () => {
    await work.looks('a moment after', { note: /not yet|for less than 33 s|yet/ });
    await until(
      'packets come back',
      async () => {
        const { report } = await lab.doctor(1);
        return report.checks.some(
          ({ name, status, evidence }) => name === 'mesh' && status === 'pass' && evidence.join().includes('jaco-2'),
        );
      },
      OWN_LIMIT_MS,
    );
    await work.looks('later', {});
    await at('nft list table inet jaco >$LAB/table; iptables-save >$LAB/iptables'.replaceAll('$LAB', lab.folder));
  });

  it.each([
    ['chain deleted', 'nft delete chain inet jaco input', /missing:chain:input/],
    ['table deleted', 'nft delete table inet jaco', /table inet jaco does not exist/],
    ['foreign set', 'nft add set inet jaco mine "{ type ipv4_addr; }"', /extra:set:mine/],
  ])('%s: the daemon itself detects and fixes it, and waiting is the fix', async (what, script, because) => {
    await at(script);
    const run = await work.looks(what, { first: 'isolation_self_test_failed', because: [because] });
    await until(
      'the daemon wrote it again',
      async () => (await work.verify(1, run, 'isolation_self_test_failed')).code === 0,
      OWN_LIMIT_MS,
    );
    await work.isFixed(what, run, 'isolation_self_test_failed');
  });

  it.each([
    ['rules flushed', 'nft flush chain inet jaco forward', /every network|chain forward/],
    ['drop deleted', 'nft delete rule inet jaco forward handle $(handle forward drop)', /every network|chain forward/],
    ['accept first', 'nft insert rule inet jaco forward ip daddr 10.244.0.0/16 accept', /10\.244\.0\.0\/16/],
    ['stacked', 'nft list table inet jaco >/run/t; nft -f /run/t', /rules 2 times/],
  ])(
    '%s: the daemon never compares it, and the printed step makes it write everything again',
    async (what, script, because) => {
      await at(`${HANDLE}\n${script}`);
      const run = await work.looks(what, { first: 'isolation_rules_wrong', because: [because] });
      await work.printed(1, work.step(run, 'isolation_rules_wrong', /nft add set/));
      await until(
        'the daemon wrote it again',
        async () => (await work.verify(1, run, 'isolation_rules_wrong')).code === 0,
        OWN_LIMIT_MS,
      );
      await work.isFixed(what, run, 'isolation_rules_wrong');
    },
  );

  it.each([
    [
      'a log before the rules',
      'nft insert rule inet jaco forward log prefix "seen "',
      'nft delete rule inet jaco forward handle $(handle forward seen)',
    ],
    ['a foreign chain', 'nft add chain inet jaco mine', 'nft delete chain inet jaco mine'],
    [
      'a firewall of others that lets it pass',
      'nft add table inet other; nft add chain inet other f "{ type filter hook forward priority 5; policy accept; }"',
      'nft delete table inet other',
    ],
    [
      'rules of the legacy iptables in addition',
      'iptables-legacy -A INPUT -p tcp --dport 23 -j DROP',
      'iptables-legacy -F INPUT',
    ],
  ])('%s harms nothing', async (what, script, back) => {
    await at(script);
    try {
      await work.looks(what, {});
    } finally {
      await at(`${HANDLE}\n${back}`);
    }
  });

  it('another firewall drops what is forwarded, until the printed rules let the pool through', async () => {
    await at(
      'nft add table inet filter; nft add chain inet filter forward "{ type filter hook forward priority 0; policy drop; }"',
    );
    const run = await work.looks('policy drop', { first: 'foreign_firewall_drop', because: [/its policy is drop/] });
    await work.printed(1, work.step(run, 'foreign_firewall_drop', /ip saddr .* accept/));
    await work.printed(1, work.step(run, 'foreign_firewall_drop', /ip daddr .* accept/));
    await work.isFixed('policy drop', run, 'foreign_firewall_drop');
    await at('nft delete table inet filter');
  });

  it('a user drops the pool in DOCKER-USER, until the printed rules are before it', async () => {
    await at('iptables -I DOCKER-USER -s 10.244.0.0/16 -j DROP');
    const run = await work.looks('in DOCKER-USER', { first: 'foreign_firewall_drop', because: [/DOCKER-USER/] });
    await work.printed(1, work.step(run, 'foreign_firewall_drop', /-I DOCKER-USER -s/));
    await work.printed(1, work.step(run, 'foreign_firewall_drop', /-I DOCKER-USER -d/));
    await work.isFixed('in DOCKER-USER', run, 'foreign_firewall_drop');
    await at(
      'iptables -D DOCKER-USER -s 10.244.0.0/16 -j DROP; iptables -D DOCKER-USER -s 10.244.0.0/16 -j ACCEPT; iptables -D DOCKER-USER -d 10.244.0.0/16 -j ACCEPT',
    );
  });

  it('a companion rule in iptables is missing: it is expected to come back, and does', async () => {
    await at('iptables -t raw -F PREROUTING');
    const run = await work.looks('raw gone', { first: 'overlay_exemption_missing', because: [/PREROUTING/] });
    await until(
      'the daemon put it back',
      async () => (await work.verify(1, run, 'overlay_exemption_missing')).code === 0,
      OWN_LIMIT_MS,
    );
    await work.isFixed('raw gone', run, 'overlay_exemption_missing');
  });

  it('forwarding is switched off, and the printed step switches it on', async () => {
    await at('echo 0 >/proc/sys/net/ipv4/ip_forward');
    const run = await work.looks('forwarding off', { first: 'ip_forward_disabled' });
    await work.printed(1, work.step(run, 'ip_forward_disabled', /sysctl -w/));
    await work.isFixed('forwarding off', run, 'ip_forward_disabled');
  });

  it('the only name server stops, and starts again', async () => {
    await lab.sh('kill "$(cat "$LAB/j1/resolver.pid")"');
    const run = await work.looks('no name server', {
      first: 'dns_upstream_unreachable',
      because: [/ECONNREFUSED/],
    });
    await lab.sh('lab_wait "its name server" lab_resolver 1');
    await work.isFixed('no name server', run, 'dns_upstream_unreachable');
  });

  it('the name server is silent, and refuses', async () => {
    await lab.sh('kill -STOP "$(cat "$LAB/j1/resolver.pid")"');
    await work.looks('silent name server', {
      first: 'dns_upstream_unreachable',
      because: [/no answer within 2\.\d s/],
    });
    await lab.sh('kill -CONT "$(cat "$LAB/j1/resolver.pid")"; kill "$(cat "$LAB/j1/resolver.pid")"');
    await at(
      'until dnsmasq --conf-file=/dev/null --port=5353 --listen-address=127.0.0.1 --bind-interfaces --no-resolv --no-hosts --user=root --pid-file=/run/refusing 2>/dev/null; do sleep 0.1; done; sleep 0.2; cat /run/refusing >$LAB/refusing'.replaceAll(
        '$LAB',
        lab.folder,
      ),
    );
    // It answers for its own names, like one in a closed network, and no container's query has failed.
    await work.looks('refusing name server', { note: /REFUSED/ });
    await lab.sh('kill "$(cat "$LAB/refusing")"; lab_wait "its name server" lab_resolver 1');
  });

  it('the mesh is down, and the printed step brings it up', async () => {
    await lab.sh('ip -n "$P"1 link set jaco0 down');
    // A container that was just started is given 33 s.
    await work.sees(['mesh_unavailable_spanning'], OWN_LIMIT_MS);
    const run = await work.looks('mesh down', {
      first: 'mesh_unavailable_spanning',
      because: [/shop-api-0 on jaco-2/],
    });
    await work.printed(1, work.step(run, 'mesh_unavailable_spanning', /ip link set jaco0 up/));
    // The routes were removed with it, and the daemon restores them at its next reconcile.
    await until(
      'packets come back',
      async () => (await work.verify(1, run, 'mesh_unavailable_spanning')).code === 0,
      OWN_LIMIT_MS,
    );
    await work.isFixed('mesh down', run, 'mesh_unavailable_spanning');
  });

  it('the packets are lost on the other node, and the run there reports it', async () => {
    await at(
      'nft add table inet filter; nft add chain inet filter forward "{ type filter hook forward priority 0; policy drop; }"; nft add chain inet filter input "{ type filter hook input priority 0; policy accept; }"; nft add rule inet filter input iifname jaco0 drop',
      2,
    );
    await work.sees(['mesh_unavailable_spanning'], OWN_LIMIT_MS);
    const run = await work.looks('lost on the other node', { first: 'mesh_unavailable_spanning' });
    expect(ids(run)).not.toContain('foreign_firewall_drop');
    await work.looks('seen on that node', { first: 'foreign_firewall_drop', on: 2 });
    await at('nft delete table inet filter', 2);
  });

  it.each([
    [
      'a forward chain lets containers out and back, and nothing new in by the mesh',
      'ct state established,related accept; iifname "jaco-*" accept; iifname "jaco0" icmp type echo-request accept',
    ],
    [
      'the same chain lets no traffic of containers pass, not even within a bridge',
      'ct state established,related accept; iifname "docker0" accept',
    ],
  ])('%s', async (what, rules) => {
    await at(`nft -f - <<'R'
table inet filter {
  chain forward { type filter hook forward priority 0; policy drop;
    ${rules.replaceAll('; ', '\n    ')}
  }
}
R`);
    const never = ['overlay_exemption_missing', 'isolation_rules_wrong', 'dns_listener_missing'];
    await work.looks(what, { first: 'foreign_firewall_drop', because: [/table inet filter, chain forward/], never });
    await at('nft delete table inet filter');
  });

  it('a name server is JACO’s own gateway: the daemon does not start, and starts without the entry', async () => {
    await lab.sh(
      `lab_end 1 TERM; sed -i 's/"127.0.0.1:5353"/"127.0.0.1:5353", "10.244.0.1"/' "$LAB/j1/jacod.yaml"; lab_start 1; lab_wait 'its end' lab_gone 1`,
    );
    const run = await work.looks('looping name server', { first: 'dns_forwarder_loop' });
    await lab.sh(`sed -i 's/, "10.244.0.1"//' "$LAB/j1/jacod.yaml"; lab_back 1`);
    await work.isFixed('looping name server', run, 'dns_forwarder_loop');
  });

  it('another program holds port 53 of every gateway when the daemon starts', async () => {
    await lab.sh('lab_end 1 TERM');
    await at(
      'dnsmasq --conf-file=/dev/null --port=53 --no-resolv --no-hosts --user=root --pid-file=/run/squatter; sleep 0.2; cat /run/squatter >$LAB/squatter'.replaceAll(
        '$LAB',
        lab.folder,
      ),
    );
    await lab.sh('lab_back 1');
    // In its first seconds a daemon may not have tried every address.
    await until(
      'it is reported',
      async () => ids(await lab.doctor(1, ['--only', 'dns-listeners'])).includes('dns_listener_missing'),
      30_000,
    );
    const run = await work.looks('port 53 taken', { first: 'dns_listener_missing', because: [/dnsmasq/] });
    await lab.sh('kill "$(cat "$LAB/squatter")"; lab_end 1 TERM; lab_back 1');
    await until('it listens', async () => (await work.verify(1, run, 'dns_listener_missing')).code === 0, OWN_LIMIT_MS);
    await work.isFixed('port 53 taken', run, 'dns_listener_missing');
  });

  it('the daemon was started without nft: it is READY but isolates nothing, until it is started with it', async () => {
    await lab.sh(`
      mkdir -p "$LAB/no-nft"
      IFS=:; for folder in $NODEPATH; do for one in "$folder"/*; do ln -sf "$one" "$LAB/no-nft/"; done; done; unset IFS
      rm -f "$LAB/no-nft/nft"
      lab_end 1 TERM; NODEPATH=$LAB/no-nft lab_start 1; lab_wait 'a leader' lab_leads 1`);
    const run = await work.looks('no nft for the daemon', {
      first: 'firewall_binary_missing',
      because: [/\bnft\b/],
      never: ['isolation_unavailable'],
    });
    await lab.sh('lab_end 1 TERM; lab_back 1');
    await work.isFixed('no nft for the daemon', run, 'firewall_binary_missing');
  });

  it('the kernel rejects the table: reported from both nodes; over after the next reconcile, and left over after a restart', async () => {
    await lab.sh(`
      mkdir -p "$LAB/stub"
      printf '#!/bin/sh\n[ "$1" = -f ] && [ -e "%s" ] && { echo "Error: Could not process rule: Operation not supported"; exit 1; }\nexec /usr/sbin/nft "$@"\n' "$LAB/stub/broken" >"$LAB/stub/nft"
      chmod 755 "$LAB/stub/nft"
      lab_end 1 TERM; NODEPATH=$LAB/stub:$NODEPATH lab_start 1; lab_wait 'a leader' lab_leads 1; touch "$LAB/stub/broken"`);
    const told = async (): Promise<boolean> => ids(await lab.doctor(2)).includes('isolation_unavailable');
    await at('nft delete table inet jaco');
    await until('it says so', told, OWN_LIMIT_MS);
    const run = await work.looks('refused table', {
      first: 'isolation_unavailable',
      because: [/Operation not supported/],
    });
    await work.looks('refused table, seen from the other node', { first: 'isolation_unavailable', on: 2 });
    await lab.sh('rm "$LAB/stub/broken"');
    await until('it takes it back', async () => !(await told()), OWN_LIMIT_MS);
    await work.isFixed('refused table', run, 'isolation_unavailable');
    await at(`touch ${lab.folder}/stub/broken; nft delete table inet jaco`);
    await until('it says so again', told, OWN_LIMIT_MS);
    await lab.sh(
      'rm "$LAB/stub/broken"; lab_end 1 TERM; NODEPATH=$LAB/stub:$NODEPATH lab_start 1; lab_wait "a leader" lab_leads 1',
    );
    await until(
      'its table is whole',
      async () => (await at('nft list table inet jaco || true')).includes('jaco_pool'),
      OWN_LIMIT_MS,
    );
    // Without a journal nothing shows that the report is an earlier process's. Only a failure and its repair by this
    // process clear it.
    const stale = await work.looks('left over after a restart', { first: 'isolation_unavailable' });
    const failures = (): number => lab.log(1).split('apply ruleset failed').length;
    const before = failures();
    await at(`touch ${lab.folder}/stub/broken`);
    await at('nft add set inet jaco rewrite "{ type ipv4_addr; }"');
    await until('it fails once more', async () => failures() > before, OWN_LIMIT_MS);
    await at(`rm ${lab.folder}/stub/broken`);
    await until('it takes it back', async () => !(await told()), OWN_LIMIT_MS);
    await work.isFixed('left over after a restart', stale, 'isolation_unavailable');
  });
});
