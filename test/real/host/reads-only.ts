import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Host, LISTEN } from './host.ts';

/** Every system call by which a process can change something, or act; reads and writes of open files are not traced. */
const TRACED = [
  ...['%file', '%network', '%process', 'kill', 'tkill', 'tgkill', 'fchmod', 'fchown', 'ftruncate', 'fallocate'],
  ...[
    'fsetxattr',
    'fremovexattr',
    'setns',
    'unshare',
    'clock_settime',
    'sethostname',
    'ptrace',
    'bpf',
    'io_uring_setup',
  ],
];

type Call = { readonly pid: number; readonly name: string; readonly words: string; readonly result: string };

/** Runs the doctor under strace in the host; every thread of it and of its children, from the doctor's own start. */
async function traced(host: Host, words: readonly string[]): Promise<{ code: number | null; calls: readonly Call[] }> {
  const folder = '/root/trace';
  await host.sh(`rm -rf ${folder}; mkdir ${folder}`);
  const strace = ['strace', '-ff', '-qq', '-s', '4096', '-e', `trace=${TRACED.join(',')}`, '-o', `${folder}/t`];
  const { code } = await host.run([...strace, 'node', '/opt/doctor/bin/jaco-doctor.js', '--format', 'json', ...words]);
  const calls = readdirSync(host.path(folder)).flatMap((name) =>
    readFileSync(join(host.path(folder), name), 'utf8')
      .split('\n')
      .flatMap((line): Call[] => {
        const [, call = '', rest = '', result = ''] = /^(\w+)\((.*)\)\s+= (.*)$/.exec(line) ?? [];
        return call === '' ? [] : [{ pid: Number(name.split('.').at(-1)), name: call, words: rest, result }];
      }),
  );
  return { code, calls };
}

const CHANGES =
  /^(creat|mkdir|rmdir|unlink|rename|link|symlink|mknod|chmod|fchmod|chown|lchown|fchown|truncate|ftruncate|fallocate|utime|setxattr|lsetxattr|fsetxattr|removexattr|fremovexattr|mount|umount|pivot_root|chroot|swap|setns|unshare|clock_settime|sethostname|ptrace|bpf|accept|listen)/;

function opensForWriting({ name, words }: Call): boolean {
  return /^open/.test(name) && /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND/.test(words);
}

function targetOf({ words }: Call): string {
  return /"((?:[^"\\]|\\.)*)"/.exec(words)?.[1] ?? words;
}

function shown({ name, words, result }: Call): string {
  return `${name}(${words.slice(0, 200)}) = ${result}`;
}

/** What the doctor did in addition to reading. */
function deeds(calls: readonly Call[]) {
  const children = new Set(
    calls.filter(({ name }) => /^(fork|vfork|clone)/.test(name)).map(({ result }) => Number.parseInt(result, 10)),
  );
  const ours = ({ words }: Call): boolean => children.has(Math.abs(Number.parseInt(words, 10)));
  return {
    written: [...new Set(calls.filter(opensForWriting).map(targetOf))].sort(),
    changes: calls.filter(({ name }) => CHANGES.test(name)).map(shown),
    // The kernel is asked over netlink, which needs a bind; a name server from a port of the kernel's choice.
    bound: calls
      .filter(({ name, words }) => name === 'bind' && !/AF_NETLINK|sin_port=htons\(0\)/.test(words))
      .map(shown),
    signalled: calls
      .filter((call) => /^(kill|tkill|tgkill|pidfd_send_signal)$/.test(call.name) && !ours(call))
      .map(shown),
    children: [
      ...new Set(
        calls
          .filter(({ name, result }) => name.startsWith('execve') && result === '0')
          .map(({ words }) =>
            (/\[(.*?)\]/.exec(words)?.[1] ?? '').replaceAll('"', '').split(', ').slice(0, 2).join(' '),
          ),
      ),
    ].sort(),
    dialled: [
      ...new Set(
        calls
          .filter(({ name }) => name === 'connect')
          .map(({ words }) => /sun_path="([^"]*)"|sin_port=htons\((\d+)\).*?inet_addr\("([^"]*)"\)/.exec(words))
          .map((match) => match?.[1] ?? `${match?.[3]}:${match?.[2]}`),
      ),
    ].sort(),
  };
}

/** The doctor, and the only programs it may start. None of them takes a lock or writes a file. */
const CHILDREN = [
  '/usr/local/bin/jacod --version',
  'ip -j',
  'iptables --version',
  'iptables-save',
  'journalctl --no-pager',
  'nft -j',
  'node /opt/doctor/bin/jaco-doctor.js',
  'systemctl show',
];
const DOCKER = '/var/run/docker.sock';
/** The name server of the host's jacod.yaml. */
const RESOLVER = '127.0.0.1:5353';
/** The services that `systemctl show` asks, and the C library for the names of users. */
const SYSTEMD = ['/run/systemd/private', '/run/dbus/system_bus_socket', '/var/run/nscd/socket'];

/**
 * The prober, which is started inside the network namespaces of containers and sends what the plan of the run lists.
 */
const PROBER = /^(nsenter --net=\/proc\/\d+\/ns\/net|(\S*node|\/proc\/self\/exe) --input-type=module)$/;
/**
 * The resolver on a gateway, a closed port of a container, and the next router: its closed port, then two common ones.
 */
const SENT_TO = /^(10\.244\.\d\.1:53|10\.244\.\d\.[23]:(1|8080)|10\.166\.0\.254:(1|80|443))$/;

/**
 * What is done to a host with running containers: their network namespaces are entered, and nothing in them is changed.
 */
export function readsOnlyOfContainers(the: () => Host): void {
  describe('what the doctor does to a host with containers', () => {
    it('is packets from inside their network namespaces, and nothing else', async () => {
      const host = the();
      const { code, calls } = await traced(host, []);
      expect(code).toBe(0);
      const { written, changes, bound, signalled, children, dialled } = deeds(calls);
      expect(written.filter((path) => path !== '/dev/null')).toEqual([]);
      expect(changes.filter((one) => !/^setns\(\d+, CLONE_NEWNET\)/.test(one))).toEqual([]);
      // One container represents each network.
      expect(changes.length).toBe(host.docker.networks.length);
      expect({ bound, signalled }).toEqual({ bound: [], signalled: [] });
      expect(children.filter((one) => PROBER.test(one)).length).toBeGreaterThan(host.docker.networks.length);
      const ifAsked = ['nft -t', 'iptables-legacy-save'];
      expect(children.filter((one) => !PROBER.test(one) && !ifAsked.includes(one))).toEqual(CHILDREN);
      const usual = [...SYSTEMD, '/run/jaco/jaco.sock', LISTEN, DOCKER, RESOLVER];
      expect(dialled.filter((one) => !usual.includes(one) && !SENT_TO.test(one))).toEqual([]);
      expect(dialled.filter((one) => SENT_TO.test(one)).length).toBeGreaterThan(6);
    });
  });
}

export function readsOnly(the: () => Host): void {
  describe('what the doctor does to a host', () => {
    it('is nothing but the recording it was asked for, on a healthy one', async () => {
      const host = the();
      await host.sh('rm -f /root/seen.json');
      const { code, calls } = await traced(host, ['--record', '/root/seen.json']);
      expect(code).toBe(0);
      const done = deeds(calls);
      console.log(
        `${calls.length} calls; children: ${done.children.join(', ')}; dialled: ${done.dialled.join(', ')}; written: ${done.written.join(', ')}`,
      );
      expect(done.written.filter((path) => path !== '/dev/null')).toEqual(['/root/seen.json']);
      expect(done).toMatchObject({ changes: [], bound: [], signalled: [], children: CHILDREN });
      // Several at once, in any order.
      expect(done.dialled.filter((one) => !SYSTEMD.includes(one)).sort()).toEqual(
        ['/run/jaco/jaco.sock', LISTEN, DOCKER, RESOLVER].sort(),
      );
      expect(host.docker.requests.filter((request) => !request.startsWith('GET '))).toEqual([]);
      // The raft store is only examined from outside: its status is read, it is never opened.
      expect(calls.filter(({ name, words }) => name.startsWith('open') && /raft\//.test(words)).map(shown)).toEqual([]);
    });

    it('is nothing on one whose daemon is stopped: no connection, and it stays stopped', async () => {
      const host = the();
      await host.sh('systemctl stop jaco.service; systemctl start jaco.socket');
      const { code, calls } = await traced(host, []);
      expect(code).toBe(1);
      const done = deeds(calls);
      expect(done.written.filter((path) => path !== '/dev/null')).toEqual([]);
      expect(done).toMatchObject({ changes: [], bound: [], signalled: [] });
      expect(done.children.filter((one) => !CHILDREN.includes(one))).toEqual([]);
      expect(done.dialled.filter((one) => !SYSTEMD.includes(one))).toEqual([DOCKER, RESOLVER]);
      expect(await host.property('jaco.service', 'ActiveState')).toBe('inactive');
    });

    it('is nothing when it is asked over the network: no file of the host, no child, one port', async () => {
      const host = the();
      await host.sh('systemctl restart jaco.service');
      await host.sh('install -m 0644 $(sed -n "s/^data_dir: //p" /etc/jaco/jacod.yaml)/node/ca.crt /root/ca.crt');
      const { code, calls } = await traced(host, [
        '--server',
        LISTEN,
        '--ca-cert',
        '/root/ca.crt',
        '--token',
        'ab'.repeat(32),
      ]);
      expect(code).toBe(0);
      const done = deeds(calls);
      expect(done.written.filter((path) => path !== '/dev/null')).toEqual([]);
      expect(done).toMatchObject({
        changes: [],
        bound: [],
        signalled: [],
        children: ['node /opt/doctor/bin/jaco-doctor.js'],
      });
      expect(done.dialled.filter((one) => !SYSTEMD.includes(one))).toEqual([LISTEN]);
      expect(
        calls.filter(({ name, words }) => name.startsWith('open') && /\/var\/lib\/jaco/.test(words)).map(shown),
      ).toEqual([]);
    });

    it('is nothing on one whose daemon does not answer, and nothing of the doctor remains', async () => {
      const host = the();
      await host.sh(`kill -STOP ${await host.mainPid()}`);
      const { code, calls } = await traced(host, ['--timeout', '3s']);
      expect(code).toBe(1);
      const done = deeds(calls);
      expect(done.written.filter((path) => path !== '/dev/null')).toEqual([]);
      expect(done).toMatchObject({ changes: [], bound: [], signalled: [] });
      expect((await host.run(['pgrep', '-af', 'jaco-doctor|journalctl'])).stdout).toBe('');
    });
  });
}
