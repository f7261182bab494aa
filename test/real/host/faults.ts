import { describe, expect, it } from 'vitest';
import { advised, expectSaid, findings, ids } from '../expect.ts';
import { until } from '../shell.ts';
import { CONFIG, type Host, LISTEN, nodeThatSays } from './host.ts';

/** The daemon exited and systemd waits to start it again. */
async function loops(host: Host): Promise<void> {
  await until('systemd waits to start the daemon again', async () => {
    return (await host.property('jaco.service', 'SubState')) === 'auto-restart';
  });
}

async function restartIntoLoop(host: Host): Promise<void> {
  await host.sh('systemctl stop jaco.service; systemctl start --no-block jaco.service');
  await loops(host);
}

/** All faults between systemd and the daemon, on a host that is otherwise healthy. */
export function faults(the: () => Host, { standIn }: { standIn: boolean }): void {
  describe('a daemon that does not run', () => {
    it.runIf(standIn)('crashes on every start, for a reason its journal does not say', async () => {
      const host = the();
      await host.dropIn('[Service]\nEnvironment=NODE_OPTIONS=--require=/nowhere.cjs\n');
      await restartIntoLoop(host);
      expectSaid('crash loop', await host.doctor(), {
        first: 'unit_failed',
        exit: 1,
        because: [/auto-restart/],
        never: ['unit_inactive', 'config_invalid'],
      });
    });

    it('was stopped, and dialling its socket would start it', async () => {
      const host = the();
      await host.sh('systemctl stop jaco.service; systemctl start jaco.socket');
      expectSaid('stopped, jaco.socket listening', await host.doctor(), {
        first: 'unit_inactive',
        exit: 1,
        because: [/jaco\.service is inactive \(dead\)/, /jaco\.socket is active \(listening\)/],
        never: ['daemon_unreachable', 'socket_unlinked'],
      });
      expect(await host.property('jaco.service', 'ActiveState')).toBe('inactive');
      expect(await host.property('jaco.socket', 'SubState')).toBe('listening');
    });

    it('was stopped with its socket', async () => {
      const host = the();
      await host.sh('systemctl stop jaco.service jaco.socket');
      expectSaid('stopped', await host.doctor(), {
        first: 'unit_inactive',
        exit: 1,
        because: [/jaco\.service is inactive \(dead\)/],
        never: ['daemon_unreachable'],
      });
    });

    // systemd forgets when a stopped unit last ran if nothing requires it; raft/log.db does not.
    it('is disabled as well, which makes a member of a cluster no new installation', async () => {
      const host = the();
      await host.sh('systemctl stop jaco.service; systemctl -q disable jaco.service; systemctl start jaco.socket');
      const run = await host.doctor();
      expectSaid('stopped and disabled', run, { first: 'unit_inactive', exit: 1, warned: 'unit_not_enabled' });
      expect(advised(run).join('\n')).not.toMatch(/can be initialized or can join/);
    });

    it('ended on a bare kill -TERM, after which systemd does not restart it', async () => {
      const host = the();
      await host.sh(`kill -TERM ${await host.mainPid()}`);
      await until('it ended', async () => (await host.property('jaco.service', 'ActiveState')) === 'inactive');
      expectSaid('kill -TERM', await host.doctor(), {
        first: 'unit_inactive',
        exit: 1,
        because: [/inactive \(dead\)/],
      });
      expect(await host.property('jaco.service', 'ActiveState')).toBe('inactive');
    });

    it('refuses its jacod.yaml every five seconds, which systemd never calls failed', async () => {
      const host = the();
      host.configure(`${CONFIG}listen_adr: 0.0.0.0:7000\n`);
      await restartIntoLoop(host);
      const run = await host.doctor();
      expectSaid('unknown key', run, {
        first: 'config_invalid',
        exit: 1,
        because: [/\/etc\/jaco\/jacod\.yaml:9:1: .*listen_adr/, /jacod exited at .*field listen_adr not found/s],
        never: ['unit_failed', 'unit_inactive', 'daemon_unreachable'],
      });
      expect(advised(run).join('\n')).not.toMatch(/cluster init/);
    });

    it('has an empty jacod.yaml, which is not the same as none', async () => {
      const host = the();
      host.configure('# nothing yet\n');
      await restartIntoLoop(host);
      expectSaid('only comments', await host.doctor(), {
        first: 'config_invalid',
        exit: 1,
        because: [/EOF/],
        never: ['unit_failed'],
      });
    });

    it('may not read its jacod.yaml, though root may', async () => {
      const host = the();
      await host.sh('chmod 600 /etc/jaco/jacod.yaml');
      await restartIntoLoop(host);
      expectSaid('unreadable jacod.yaml', await host.doctor(), {
        first: 'config_invalid',
        exit: 1,
        because: [/owner root:root, mode 0600/, /permission denied/],
        never: ['unit_failed'],
      });
      await host.sh('chmod 644 /etc/jaco/jacod.yaml');
    });

    it('would ask itself for names', async () => {
      const host = the();
      host.configure(CONFIG.replace('127.0.0.1:5353', '10.244.3.1'));
      await restartIntoLoop(host);
      expectSaid('forwarder loop', await host.doctor(), {
        first: 'dns_forwarder_loop',
        exit: 1,
        because: [/10\.244\.3\.1/, /bridge gateway/],
        never: ['config_invalid', 'unit_failed'],
      });
    });

    it('finds port 7000 held by another program, which is named', async () => {
      const host = the();
      await host.sh('systemctl stop jaco.service');
      await holdPort(host, LISTEN);
      await host.sh('systemctl start --no-block jaco.service');
      await loops(host);
      expectSaid('port 7000 busy', await host.doctor(), {
        first: 'port_in_use',
        exit: 1,
        because: [/127\.81\.0\.1:7000/, /squatter/],
        never: ['unit_failed', 'config_invalid'],
      });
    });

    it('is configured to listen on an address that is not on this host', async () => {
      const host = the();
      host.configure(CONFIG.replace(LISTEN, '10.250.0.9:7000'));
      await restartIntoLoop(host);
      expectSaid('address not on host', await host.doctor(), {
        first: 'bind_address_unavailable',
        exit: 1,
        because: [/10\.250\.0\.9/],
        never: ['unit_failed', 'port_in_use'],
      });
    });

    it('has no unit, as after a copied binary', async () => {
      const host = the();
      await host.sh(`systemctl stop jaco.service jaco.socket; systemctl -q disable jaco.service
        rm /usr/lib/systemd/system/jaco.service /usr/lib/systemd/system/jaco.socket; systemctl daemon-reload`);
      expectSaid('units removed', await host.doctor(), {
        first: 'unit_missing',
        exit: 1,
        because: [/systemd has no unit jaco\.service/],
        never: ['unit_inactive'],
      });
    });

    it('has no socket unit, as an old tarball leaves it', async () => {
      const host = the();
      await host.sh(`systemctl stop jaco.service jaco.socket; rm /usr/lib/systemd/system/jaco.socket
        systemctl daemon-reload; ! systemctl start jaco.service`);
      expectSaid('socket unit removed', await host.doctor(), {
        first: 'unit_missing',
        exit: 1,
        because: [/jaco\.socket, which it requires/],
        never: ['unit_inactive', 'unit_failed'],
      });
    });

    it.runIf(standIn)('crashed until systemd gave up on it', async () => {
      const host = the();
      await host.dropIn('[Service]\nEnvironment=NODE_OPTIONS=--require=/nowhere.cjs\n');
      await host.sh('for i in 1 2 3 4 5 6 7 8; do systemctl restart jaco.service || true; done');
      expect(await host.property('jaco.socket', 'Result')).toBe('start-limit-hit');
      expectSaid('start limit', await host.doctor(), {
        first: 'unit_failed',
        exit: 1,
        because: [/jaco\.service is inactive \(dead\), Result=exit-code/, /jaco\.socket is failed/],
        never: ['config_invalid', 'unit_inactive'],
      });
    });

    it.runIf(standIn)('crashes, and the error of an earlier daemon is not the reason', async () => {
      const host = the();
      host.configure(CONFIG.replace(LISTEN, '10.250.0.9:7000'));
      await restartIntoLoop(host);
      await host.heal();
      await host.dropIn('[Service]\nEnvironment=NODE_OPTIONS=--require=/nowhere.cjs\n');
      await restartIntoLoop(host);
      expectSaid('crash loop soon after another', await host.doctor(), {
        first: 'unit_failed',
        exit: 1,
        never: ['bind_address_unavailable'],
      });
    });
  });

  describe('a daemon that runs', () => {
    it('is well, and nothing is raised', async () => {
      const run = await the().doctor();
      expectSaid('healthy', run, { first: null, exit: 0 });
      expect(ids(run)).toEqual([]);
      expect(run.report.coverage).toMatchObject({ unknown: 0, blocked: 0 });
    });

    it('would not start at the next boot', async () => {
      const host = the();
      await host.sh('systemctl -q disable jaco.service');
      expectSaid('disabled', await host.doctor(), {
        first: null,
        exit: 0,
        warned: 'unit_not_enabled',
        because: [/jaco\.service is disabled/, /\/var\/lib\/jaco\/raft\/log\.db/],
      });
      expect((await host.doctor(['--fail-on', 'warn'])).code).toBe(2);
    });

    it('lost the file of its socket to an earlier kill -TERM', async () => {
      const host = the();
      await host.sh(`kill -TERM ${await host.mainPid()}`);
      await until('it ended', async () => (await host.property('jaco.service', 'ActiveState')) === 'inactive');
      await host.sh('systemctl start jaco.service');
      expectSaid('unlinked socket', await host.doctor(), {
        first: 'socket_unlinked',
        exit: 1,
        because: [/held by .*systemd \(pid 1\)/, /\/run\/jaco\/jaco\.sock does not exist/],
        never: ['daemon_unreachable', 'unit_inactive', 'socket_hidden'],
      });
    });

    it('lost the directory of its socket, which was created again', async () => {
      const host = the();
      await host.sh('rm -r /run/jaco; mkdir /run/jaco');
      expectSaid('folder made again', await host.doctor(), {
        first: 'socket_unlinked',
        exit: 1,
        because: [/held by systemd \(pid 1\)/],
        never: ['daemon_unreachable'],
      });
    });

    it('created its socket where only it can see it', async () => {
      const host = the();
      await host.sh(
        'systemctl stop jaco.service jaco.socket; sed -i /jaco.socket/d /usr/lib/systemd/system/jaco.service',
      );
      await host.dropIn('[Service]\nRuntimeDirectory=\nTemporaryFileSystem=/run/jaco:mode=0777\n');
      await host.sh('systemctl start jaco.service');
      await host.leads();
      expectSaid('private mount', await host.doctor(), {
        first: 'socket_hidden',
        exit: 1,
        because: [/held by jacod \(pid \d+\)/, /own mount at \/run\/jaco/],
        never: ['socket_unlinked', 'daemon_unreachable'],
      });
    });

    it('is stopped by a signal, and the kernel continues to accept for it', async () => {
      const host = the();
      await host.sh(`kill -STOP ${await host.mainPid()}`);
      expectSaid('frozen', await host.doctor(), {
        first: 'daemon_unresponsive',
        exit: 1,
        because: [/stopped \(state T\)/],
        never: ['daemon_unreachable', 'quorum_lost', 'no_leader'],
      });
    });

    it('may not look into its own data directory, and takes that for a fresh host', async () => {
      const host = the();
      await host.sh('chown -R root:root /var/lib/jaco; systemctl restart jaco.service');
      const run = await host.doctor();
      expectSaid('data_dir of root', run, {
        first: 'data_dir_unreadable',
        exit: 1,
        because: [/user jaco cannot (enter|read) \/var\/lib\/jaco/, /root:root/],
        never: ['cluster_uninitialized', 'raft_resume_failed'],
      });
      expect(advised(run).join('\n')).not.toMatch(/cluster init|rm -r/);
    });

    it('has no space left for its log', async () => {
      const host = the();
      await host.sh(`systemctl stop jaco.service
        mount -t tmpfs -o size=1m,mode=750,uid=$(id -u jaco),gid=$(id -g jaco) tmpfs /var/lib/jaco
        cp -a --sparse=always /opt/installed/data/. /var/lib/jaco/
        dd if=/dev/zero of=/var/lib/jaco/full bs=4k status=none || true
        systemctl start jaco.service`);
      // A real daemon first fills the existing pages of its log: commands bring it to the end of them.
      await until('a write fails', async () => {
        await host.sh('! test -x /usr/local/bin/jaco || timeout 5 jaco node issue-join-token >/dev/null 2>&1 || true');
        return (await host.journal()).includes('no space left on device');
      });
      expectSaid('full disk', await host.doctor(), {
        first: 'data_disk_full',
        exit: 1,
        because: [/\/var\/lib\/jaco/, /no space left|0 B|0 free/],
        never: ['disk_nearly_full', 'data_dir_unreadable'],
      });
    });

    it('could not resume its raft state, because its raft port was held', async () => {
      const host = the();
      await host.sh('systemctl stop jaco.service');
      await holdPort(host, '127.81.0.1:7001');
      await host.sh('systemctl start jaco.service');
      const run = await host.doctor();
      expectSaid('raft port busy', run, {
        first: 'port_in_use',
        exit: 1,
        because: [/7001/, /squatter/],
        never: ['cluster_uninitialized'],
      });
      expect(ids(run)).toContain('raft_resume_failed');
      expect(advised(run).join('\n')).not.toMatch(/cluster init/);
    });

    it('could not resume its raft state, and the port has been free since', async () => {
      const host = the();
      await host.sh('systemctl stop jaco.service');
      await holdPort(host, '127.81.0.1:7001');
      await host.sh('systemctl start jaco.service; systemctl stop fault.service');
      const run = await host.doctor();
      expectSaid('raft port was busy', run, {
        first: 'raft_resume_failed',
        exit: 1,
        because: [
          /log\.db exists, and the daemon answers initialized=false/,
          /127\.81\.0\.1:7001: bind: address already in use/,
        ],
        never: ['cluster_uninitialized', 'port_in_use'],
      });
      expect(advised(run).join('\n')).not.toMatch(/cluster init/);
    });

    it('was upgraded on disk and still runs the old program', async () => {
      const host = the();
      host.write('/usr/local/bin/jacod.new', '');
      const { chmodSync, writeFileSync } = await import('node:fs');
      writeFileSync(host.path('/usr/local/bin/jacod.new'), nodeThatSays('v0.4.0'));
      chmodSync(host.path('/usr/local/bin/jacod.new'), 0o755);
      await host.sh('mv /usr/local/bin/jacod.new /usr/local/bin/jacod');
      expectSaid('replaced binary', await host.doctor(), {
        first: null,
        exit: 0,
        warned: 'binary_not_restarted',
        because: [/installed: v0\.4\.0/, /running: v0\.3\.9/],
      });
    });

    it('would not start again with the current jacod.yaml', async () => {
      const host = the();
      // The start time of a process is accurate to about two seconds: a file that changed at the same time counts as
      // read.
      await until('the daemon is 4 s old', async () => (await host.age()) >= 4, 20_000);
      host.configure(`${CONFIG}listen_adr: 0.0.0.0:7000\n`);
      expectSaid('config changed', await host.doctor(), {
        first: null,
        exit: 0,
        warned: 'config_invalid_on_restart',
        because: [/jacod\.yaml:9:1: .*listen_adr/, /the daemon was started at/],
        never: ['config_invalid'],
      });
    });
  });

  describe('for each user', () => {
    it('as an operator in no group, sees no fault, and is told which rights are missing', async () => {
      const run = await the().doctor([], { user: 'op' });
      expectSaid('as op', run, { first: null, exit: 3 });
      expect(findings(run)).toEqual([]);
      const reasons = run.report.checks.map(({ reason }) => reason).join('\n');
      expect(reasons).toMatch(/the socket is for root and group jaco; user op \(groups op\) is not in group jaco/);
    });

    it('as an operator in group jaco, gets an answer, and is told what only root may see', async () => {
      const run = await the().doctor([], { user: 'jacoop' });
      expectSaid('as jacoop', run, { first: null, exit: 3 });
      expect(findings(run)).toEqual([]);
      expect(run.report.checks.find(({ name }) => name === 'daemon-socket')?.status).toBe('pass');
      expect(run.report.checks.find(({ name }) => name === 'raft-leader')?.status).toBe('pass');
    });

    it('as an operator in no group, is not shown a fault of the daemon as one of the socket', async () => {
      const host = the();
      await host.sh('systemctl stop jaco.service; systemctl start jaco.socket');
      const run = await host.doctor([], { user: 'op' });
      expectSaid('stopped, as op', run, { first: 'unit_inactive', exit: 1, because: [/inactive \(dead\)/] });
      expect(await host.property('jaco.service', 'ActiveState')).toBe('inactive');
    });

    it('sees a healthy host after all of that was fixed, with the old journal', async () => {
      const run = await the().doctor();
      expectSaid('fixed', run, { first: null, exit: 0 });
      expect(ids(run)).toEqual([]);
    });
  });
}

/** Another program listens at this address. */
async function holdPort(host: Host, address: string): Promise<void> {
  const [ip, port] = address.split(':');
  await host.sh(`cp -n /usr/local/bin/node /usr/local/bin/squatter
    systemd-run -q --unit=fault --collect /usr/local/bin/squatter -e 'require("net").createServer().listen(${port}, "${ip}")'`);
  await until(`${address} is held`, async () => (await host.sh(`ss -Hltn 'src ${address}'`)) !== '');
}
