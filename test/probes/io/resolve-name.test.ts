import { createSocket, type Socket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { resolveName } from '../../../src/probes/io/resolve-name.ts';

const open: Socket[] = [];
afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});

/** A name server that answers A queries for the names it has, NXDOMAIN for others, or not at all. */
async function nameServer(names: Readonly<Record<string, string>> | 'silent' | 'servfail') {
  const asked: string[] = [];
  const socket = createSocket('udp4');
  open.push(socket);
  socket.on('message', (query, from) => {
    const labels: string[] = [];
    let at = 12;
    while (query[at] !== 0) {
      const length = query[at] as number;
      labels.push(query.subarray(at + 1, at + 1 + length).toString());
      at += 1 + length;
    }
    const name = labels.join('.').toLowerCase();
    const type = query.readUInt16BE(at + 1);
    asked.push(`${name} ${type === 1 ? 'A' : 'AAAA'}`);
    if (names === 'silent') return;
    const address = names === 'servfail' ? undefined : names[name];
    const known = names !== 'servfail' && address !== undefined;
    const question = query.subarray(12, at + 5);
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x8180 | (names === 'servfail' ? 2 : known ? 0 : 3), 2);
    head.writeUInt16BE(1, 4);
    const answers = known && type === 1 ? 1 : 0;
    head.writeUInt16BE(answers, 6);
    const record = Buffer.from([
      0xc0,
      0x0c,
      0,
      1,
      0,
      1,
      0,
      0,
      0,
      5,
      0,
      4,
      ...(address ?? '0.0.0.0').split('.').map(Number),
    ]);
    socket.send(Buffer.concat([head, question, ...(answers > 0 ? [record] : [])]), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { servers: [`127.0.0.1:${(socket.address() as AddressInfo).port}`], asked };
}

const limits = { limitMs: 2_000, signal: new AbortController().signal };

describe('a host name', () => {
  test('that is an address is not looked up', async () => {
    const dns = await nameServer({});
    for (const address of ['10.0.0.4', 'fd00::4'])
      expect(await resolveName(address, { ...limits, sources: dns })).toMatchObject({
        addresses: [address],
        from: 'literal',
      });
    expect(dns.asked).toEqual([]);
  });

  test('of /etc/hosts takes precedence over DNS, in any letter case, without comments', async () => {
    const dns = await nameServer({ 'jaco-1': '192.0.2.1' });
    const hosts = '# jaco-1\n10.0.0.9 other # jaco-1\nfd00::1 jaco-1\n10.0.0.1\tx JACO-1 y\n';
    const found = await resolveName('Jaco-1', { ...limits, sources: { ...dns, hosts, resolvConf: '' } });
    expect(found).toEqual({ kind: 'addresses', addresses: ['10.0.0.1', 'fd00::1'], from: 'hosts' });
    expect(dns.asked).toEqual([]);
  });

  test('without dots is tried in the search domains first, with a dot unchanged first', async () => {
    const dns = await nameServer({ 'jaco-1.b.test': '10.0.0.2', 'jaco.test': '10.0.0.3' });
    const sources = { ...dns, hosts: '', resolvConf: 'search a.test b.test\n' };
    expect(await resolveName('jaco-1', { ...limits, sources })).toMatchObject({ addresses: ['10.0.0.2'], from: 'dns' });
    expect(dns.asked.map((one) => one.split(' ')[0])).toEqual([
      'jaco-1.a.test',
      'jaco-1.a.test',
      'jaco-1.b.test',
      'jaco-1.b.test',
    ]);
    expect(await resolveName('jaco.test', { ...limits, sources })).toMatchObject({ addresses: ['10.0.0.3'] });
    expect(dns.asked.slice(4)).toEqual(expect.arrayContaining(['jaco.test A']));
    expect(dns.asked).toHaveLength(6);
  });

  test('that does not exist is absent, and the answer says which server was asked', async () => {
    const dns = await nameServer({});
    const met = await resolveName('nosuch.test', { ...limits, sources: { ...dns, hosts: '', resolvConf: '' } });
    expect(met).toMatchObject({ kind: 'error', why: 'absent', code: 'ENOTFOUND' });
    expect(met.kind === 'error' && met.detail).toMatch(
      /^nosuch\.test: no such name in \/etc\/hosts or DNS \(asked 127\.0\.0\.1:\d+\)$/,
    );
  });

  test('is not called absent by a server that fails or refuses', async () => {
    const failing = await nameServer('servfail');
    expect(
      await resolveName('a.test', { ...limits, sources: { ...failing, hosts: '', resolvConf: '' } }),
    ).toMatchObject({
      why: 'unreadable',
      code: 'ESERVFAIL',
    });
    const sources = { servers: ['127.0.0.1:1'], hosts: '', resolvConf: '' };
    expect(await resolveName('a.test', { ...limits, sources })).toMatchObject({
      why: 'unreadable',
      code: 'ECONNREFUSED',
    });
  });

  test('of a silent server ends at the limit, and at the signal before it', async () => {
    const dns = await nameServer('silent');
    const sources = { ...dns, hosts: '', resolvConf: '' };
    const began = performance.now();
    const met = await resolveName('a.test', { ...limits, limitMs: 200, sources });
    expect(met).toMatchObject({ kind: 'error', why: 'timeout', code: 'ETIMEOUT' });
    expect(performance.now() - began).toBeLessThan(15_000);
    const controller = new AbortController();
    const waiting = resolveName('a.test', { limitMs: 60_000, signal: controller.signal, sources });
    await expect.poll(() => dns.asked.length).toBeGreaterThan(2);
    controller.abort();
    expect(await waiting).toMatchObject({ why: 'timeout' });
  });
});
