import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, isIPv6 } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { notApplicable, type Result } from '../../src/engine/outcome.ts';
import { hostAddresses, localAddresses } from '../../src/probes/host/addresses.ts';
import { type Identity, identity } from '../../src/probes/host/identity.ts';
import { type Listeners, listeners } from '../../src/probes/host/listeners.ts';
import { inet6Addresses, internetSockets, unixListeners } from '../../src/probes/host/proc-net.ts';
import { parseAccounts } from '../../src/probes/io/accounts.ts';
import { inspectPath, listFolder, readText } from '../../src/probes/io/files.ts';
import { devicePath, isUnder, mountOf, parseMounts } from '../../src/probes/io/mounts.ts';
import { parseProcessStat } from '../../src/probes/io/processes.ts';
import { isPermitted } from '../../src/probes/io/rights.ts';

const never = new AbortController().signal;
const io = { phase: () => {}, settings: { standIn: null } } as never;

describe('/proc/net', () => {
  const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0400520A:1B58 00000000:0000 0A 00000000:00000000 00:00000000 00000000   997        0 4711 1 0 100 0 0 10 0
   1: 0100007F:1B58 0100007F:C350 01 00000000:00000000 00:00000000 00000000   997        0 4712 1 0 20 4 30 10 -1
`;
  const TCP6 = `  sl  local_address                         remote_address                        st
   0: 00000000000000000000000000000000:01BB 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 99 1 0
   1: 000080FE00000000FF00000000010002:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 98 1 0
`;

  test('lists who waits, not who talks', () => {
    expect(internetSockets('tcp', TCP)).toEqual([
      { protocol: 'tcp', address: '10.82.0.4', port: 7000, uid: 997, inode: '4711' },
    ]);
  });

  test('writes IPv6 as everybody does', () => {
    expect(internetSockets('tcp', TCP6).map(({ address, port }) => `${address} ${port}`)).toEqual([
      ':: 443',
      'fe80::ff:200:100 80',
    ]);
  });

  test('takes a UDP socket without a peer as waiting', () => {
    const udp = '  0: 0100F40A:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000 997 0 5 2 0 0\n';
    expect(internetSockets('udp', udp)).toEqual([
      { protocol: 'udp', address: '10.244.0.1', port: 53, uid: 997, inode: '5' },
    ]);
  });

  test('lists unix sockets that listen under a name, which may be gone from the disk', () => {
    const text = `Num       RefCount Protocol Flags    Type St Inode Path
0000000000000000: 00000002 00000000 00010000 0001 01 381154 /run/jaco/jaco.sock
0000000000000000: 00000003 00000000 00000000 0001 03 381155 /run/jaco/jaco.sock
0000000000000000: 00000002 00000000 00010000 0001 01 12 @abstract
0000000000000000: 00000002 00000000 00010000 0001 01 13 /run/with blank.sock
`;
    expect(unixListeners(text)).toEqual([
      { path: '/run/jaco/jaco.sock', inode: '381154' },
      { path: '/run/with blank.sock', inode: '13' },
    ]);
  });

  test('never makes the readers throw', () => {
    fc.assert(
      fc.property(
        fc.string(),
        (text) =>
          internetSockets('tcp', text).length >= 0 && unixListeners(text).length >= 0 && parseMounts(text).length >= 0,
      ),
    );
  });
});

describe('what listens on this host', () => {
  test('includes a port and a socket of ours, with our name to it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'listen-'));
    const [tcp, unix] = [createServer(), createServer()];
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
    await new Promise<void>((resolve) => unix.listen(join(folder, 'x.sock'), resolve));
    const { port } = tcp.address() as { port: number };
    const result = (await listeners.collect(io, { identity: notApplicable('') } as never, never)) as Result<Listeners>;
    tcp.close();
    unix.close();
    rmSync(folder, { recursive: true });
    expect(result.kind).toBe('value');
    const { listeners: found, unix: sockets } = (result as { value: Listeners }).value;
    expect(found).toContainEqual(
      expect.objectContaining({ protocol: 'tcp', address: '127.0.0.1', port, pid: process.pid }),
    );
    expect(sockets.find(({ path }) => path === join(folder, 'x.sock'))?.holders[0]?.pid).toBe(process.pid);
  });
});

test('who looks is known without any right', async () => {
  const result = (await identity.collect(io, {} as never, never)) as Result<Identity>;
  expect(result).toMatchObject({ kind: 'value', value: { uid: process.getuid?.(), root: process.getuid?.() === 0 } });
});

describe('accounts', () => {
  const accounts = parseAccounts(
    'root:x:0:0::/root:/bin/sh\njaco:x:997:996::/var/lib/jaco:/usr/sbin/nologin\nbroken\n',
    'root:x:0:\njaco:x:996:op\ndocker:x:995:jaco,op\n',
  );

  test('a user has the group of passwd and those of group', () => {
    expect(accounts.user('jaco')).toEqual({ name: 'jaco', uid: 997, gids: [996, 995] });
    expect(accounts.user('997')?.name).toBe('jaco');
    expect(accounts.user('nobody')).toBeNull();
  });

  test('a number without a name is itself', () => {
    expect([accounts.userName(0), accounts.userName(4711), accounts.groupName(995), accounts.groupName(1)]).toEqual([
      'root',
      '4711',
      'docker',
      '1',
    ]);
  });
});

describe('mounts', () => {
  const HOST = parseMounts(
    '29 1 0:90 / /run rw,nosuid shared:2 - tmpfs tmpfs rw\n28 1 8:1 / / rw - ext4 /dev/sda1 rw\n',
  );

  test('the daemon’s own /run/jaco in a sandbox is the host’s folder', () => {
    const theirs = parseMounts(
      '274 258 0:90 / /run ro,nosuid - tmpfs tmpfs rw\n278 274 0:90 /jaco /run/jaco rw - tmpfs tmpfs rw\n258 85 8:1 / / ro - ext4 x rw\n',
    );
    expect(devicePath(theirs, '/run/jaco')).toBe(devicePath(HOST, '/run/jaco'));
    expect(mountOf(theirs, '/srv/jaco')?.readOnly).toBe(true);
  });

  test('a private one is another', () => {
    const theirs = parseMounts(
      '274 258 0:90 / /run ro - tmpfs tmpfs rw\n278 274 0:236 / /run/jaco rw - tmpfs tmpfs rw\n',
    );
    expect(devicePath(theirs, '/run/jaco')).not.toBe(devicePath(HOST, '/run/jaco'));
  });

  test('of two over each other the later is seen', () => {
    const twice = parseMounts('1 0 8:1 / /data rw - a a rw\n2 1 8:2 / /data ro - b b rw\n');
    expect(mountOf(twice, '/data/x')).toMatchObject({ device: '8:2', readOnly: true });
  });

  test('blanks are written as octal', () => {
    expect(parseMounts('1 0 8:1 / /mnt/a\\040b rw - a a rw\n')[0]?.point).toBe('/mnt/a b');
  });

  test('/var/lib/jaco2 does not lie in /var/lib/jaco', () => {
    expect([
      isUnder('/var/lib/jaco2', '/var/lib/jaco'),
      isUnder('/var/lib/jaco/raft', '/var/lib/jaco'),
      isUnder('/x', '/'),
    ]).toEqual([false, true, true]);
  });
});

test('a process may have blanks and parentheses in its name', () => {
  const fields = Array.from({ length: 40 }, (_, n) => n + 4);
  expect(parseProcessStat(`226 (ja) co)) T ${fields.join(' ')}\n`)).toEqual({
    comm: 'ja) co)',
    state: 'T',
    startTicks: 22,
  });
  expect(parseProcessStat('nonsense')).toBeNull();
});

test('mode bits give the owner his own, even where the group would have more', () => {
  const seen = { kind: 'there', type: 'directory', uid: 5, gid: 6, mode: 0o070, inode: '1', bytes: 0 } as const;
  expect(isPermitted({ uid: 5, gids: [6] }, 'read', seen)).toBe(false);
  expect(isPermitted({ uid: 9, gids: [6] }, 'write', seen)).toBe(true);
  expect(isPermitted({ uid: 9, gids: [] }, 'enter', seen)).toBe(false);
});

describe('files', () => {
  test('absent is not denied, and a folder is no file', async () => {
    expect(await readText('/nowhere/at/all')).toMatchObject({ failure: { why: 'absent' } });
    expect(await readText('/')).toMatchObject({ failure: { why: 'unreadable', detail: '/: not a regular file' } });
    expect(await inspectPath('/nowhere')).toEqual({ kind: 'absent' });
    expect(await listFolder('/nowhere')).toMatchObject({ failure: { why: 'absent' } });
  });

  test('of /proc have no size and are read all the same', async () => {
    expect(await readText('/proc/self/mountinfo')).toMatchObject({
      kind: 'text',
      text: expect.stringContaining(' / '),
    });
  });
});

describe('the addresses of a host', () => {
  const TRIE = `Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
Local:
     +-- 127.0.0.0/8 2 0 2
           |-- 127.0.0.0
              /8 host LOCAL
           |-- 127.0.0.1
              /32 host LOCAL
        |-- 127.255.255.255
           /32 link BROADCAST
        +-- 10.79.0.0/30 2 0 2
           |-- 10.79.0.0
              /24 link UNICAST
           |-- 10.79.0.2
              /32 host LOCAL
`;

  test('are those the kernel takes for its own, not networks and broadcasts', () => {
    expect(localAddresses(TRIE)).toEqual(['10.79.0.2', '127.0.0.1']);
  });

  test('are those of IPv6 as well, where the host has it', () => {
    const table =
      '00000000000000000000000000000001 01 80 10 80       lo\n20010db8000000000000000000000007 04 40 00 82     eth0\n';
    expect(inet6Addresses(table)).toEqual(['::1', '2001:db8::7']);
    fc.assert(fc.property(fc.string(), (text) => inet6Addresses(text).every((address) => isIPv6(address))));
  });

  test('are read from this very host', async () => {
    const seen = await hostAddresses.collect(io, {} as never, never);
    expect(seen).toMatchObject({ kind: 'value', value: { addresses: expect.arrayContaining(['127.0.0.1']) } });
  });

  test('are none where the table is no table', () => {
    fc.assert(fc.property(fc.string(), (text) => localAddresses(text).length === 0 || text.includes('LOCAL')));
  });
});
