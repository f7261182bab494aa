import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { internetSockets, unixListeners } from '../../../src/probes/host/proc-net.ts';
import { parseMounts } from '../../../src/probes/io/mounts.ts';

describe('/proc/net', () => {
  const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0400520A:1B58 00000000:0000 0A 00000000:00000000 00:00000000 00000000   997        0 4711 1 0 100 0 0 10 0
   1: 0100007F:1B58 0100007F:C350 01 00000000:00000000 00:00000000 00000000   997        0 4712 1 0 20 4 30 10 -1
`;
  const TCP6 = `  sl  local_address                         remote_address                        st
   0: 00000000000000000000000000000000:01BB 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 99 1 0
   1: 000080FE00000000FF00000000010002:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 98 1 0
`;

  test('lists listening sockets, not connected ones', () => {
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

  test('lists unix sockets that listen under a name, which may no longer exist on disk', () => {
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
