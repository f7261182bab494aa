import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { listNft } from '../../../src/probes/host/nft.ts';

const folder = mkdtempSync(join(tmpdir(), 'nft-'));
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** The result of an nft that ends this way. */
async function said(code: number, stderr: string): Promise<string> {
  const script = `#!/bin/sh\ncat >&2 <<'END'\n${stderr}\nEND\nexit ${code}\n`;
  writeFileSync(join(folder, 'nft'), script, { mode: 0o755 });
  vi.stubEnv('PATH', folder);
  const listed = await listNft(['table', 'inet', 'jaco'], new AbortController().signal);
  return listed.kind === 'failed' ? listed.failure.why : listed.answer.kind;
}

test.each([
  [
    'the table is not there',
    1,
    'Error: No such file or directory\nlist table inet jaco\n                ^^^^',
    'absent',
  ],
  ['so says an older nft', 1, 'Error: Could not process rule: No such file or directory', 'absent'],
  [
    'a library of nft is missing since the last update: the table is unknown',
    127,
    'nft: error while loading shared libraries: libnftables.so.1: cannot open shared object file: No such file or directory',
    'unreadable',
  ],
  ['nft knows no JSON', 1, 'Error: JSON support not compiled-in.', 'unreadable'],
  [
    'we may not',
    1,
    'Operation not permitted (you must be root)\nnetlink: Error: cache initialization failed: Operation not permitted',
    'denied',
  ],
  ['the kernel has no nf_tables', 1, 'nft: Unable to initialize Netlink socket: Protocol not supported', 'unsupported'],
])('%s', async (_, code, stderr, expected) => {
  expect(await said(code, stderr)).toBe(expected);
});
