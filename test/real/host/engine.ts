import { afterEach, describe, expect, it } from 'vitest';
import { expectSaid, findings } from '../expect.ts';
import type { Run } from '../shell.ts';
import type { Host } from './host.ts';

const row = (run: Run) => run.report.checks.find(({ name }) => name === 'docker-engine');
const causeSteps = (run: Run): string =>
  JSON.stringify(findings(run).find(({ id }) => id === 'docker_error')?.fix ?? []);

/** Faults between the daemon's user, systemd and the container engine of a host. */
export function engineFaults(the: () => Host): void {
  describe('the container engine of the host', () => {
    afterEach(async () => {
      const host = the();
      await host.docker.stop();
      // systemd leaves the file of a socket unit behind.
      await host.sh(`
        usermod -aG docker jaco
        systemctl stop docker.socket docker.service 2>/dev/null || true
        rm -f /etc/systemd/system/docker.service /etc/systemd/system/docker.socket
        systemctl daemon-reload; systemctl reset-failed; rm -f /run/docker.sock`);
      await host.serveDocker();
    });

    it('denies access to the daemon, whose user is not in its group; the printed steps fix it', async () => {
      const host = the();
      await host.sh('gpasswd -d jaco docker; systemctl restart jaco.service');
      await host.leads();
      const shut = await host.doctor();
      expectSaid('daemon not in group docker', shut, {
        first: 'docker_error',
        exit: 1,
        because: [/root:docker, mode 0660; jacod runs as jaco, which may not use it/],
      });
      // A user without access to Docker also sees that the daemon has none.
      expect(row(await host.doctor([], { user: 'jacoop' }))?.findings.map(({ id }) => id)).toEqual(['docker_error']);

      await host.sh('usermod -aG docker jaco');
      const half = await host.doctor(['--only', 'docker-engine']);
      expectSaid('group given, daemon not restarted', half, {
        first: 'docker_error',
        exit: 1,
        because: [/jaco is in group docker, but was added after the daemon was started/],
      });
      expect(causeSteps(half)).toMatch(/systemctl","restart","jaco"/);
      expect(causeSteps(half)).not.toMatch(/usermod/);

      await host.sh('systemctl restart jaco');
      await host.leads();
      expectSaid('restarted', await host.doctor(['--only', 'docker-engine']), { first: null, exit: 0 });
    });

    it('may not be asked by an operator, which is reported, and is not a fault', async () => {
      const run = await the().doctor([], { user: 'jacoop' });
      expect(row(run)).toMatchObject({ status: 'unknown', findings: [] });
      expect(row(run)?.reason).toMatch(
        /connect to \/var\/run\/docker\.sock: EACCES.*root or group docker can see it|EACCES/,
      );
      expect(run.code).toBe(3);
    });

    it('is stopped while its socket unit listens: it is not dialled, for that would start it', async () => {
      const host = the();
      await host.docker.stop();
      host.write('/etc/systemd/system/docker.socket', '[Socket]\nListenStream=/run/docker.sock\nSocketGroup=docker\n');
      host.write('/etc/systemd/system/docker.service', '[Service]\nExecStart=/bin/sleep infinity\n');
      await host.sh('systemctl daemon-reload; systemctl start docker.socket');
      const run = await host.doctor(['--only', 'docker-engine']);
      expectSaid('engine stopped, socket listening', run, {
        first: 'docker_error',
        exit: 1,
        because: [/would start it/],
      });
      expect(causeSteps(run)).toMatch(/systemctl","restart","docker"/);
      expect(await host.property('docker.service', 'ActiveState')).toBe('inactive');
    });

    it('failed to start, says systemd', async () => {
      const host = the();
      await host.docker.stop();
      host.write('/etc/systemd/system/docker.service', '[Service]\nExecStart=/bin/false\n');
      await host.sh('systemctl daemon-reload; systemctl start docker.service || true');
      expectSaid('engine failed', await host.doctor(['--only', 'docker-engine']), {
        first: 'docker_error',
        exit: 1,
        because: [/docker\.sock: ENOENT/, /docker\.service is failed \(failed, exit-code\)/],
      });
    });

    it('does not exist', async () => {
      const host = the();
      await host.docker.stop();
      expectSaid('no engine', await host.doctor(), {
        first: 'docker_error',
        exit: 1,
        because: [/ENOENT/, /systemd has no unit docker\.service/],
      });
    });

    it('is frozen', async () => {
      const host = the();
      host.docker.setBehaviour('freeze');
      expectSaid('engine frozen', await host.doctor(), {
        first: 'docker_error',
        exit: 1,
        because: [/then no answer/],
      });
    });
  });
}
