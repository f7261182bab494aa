import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { notApplicable, type Result } from '../../../src/engine/outcome.ts';
import { type Listeners, listeners } from '../../../src/probes/host/listeners.ts';

const never = new AbortController().signal;
const io = { phase: () => {}, settings: { standIn: null } } as never;

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
