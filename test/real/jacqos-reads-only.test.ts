import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { StandInCloud } from '../../src/demo/jacqos/stand-in-cloud.ts';

const bin = fileURLToPath(new URL('../../bin/jacqos-doctor.js', import.meta.url));
const CALLS =
  'openat,open,creat,unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat,chmod,fchmodat,link,linkat,symlink,symlinkat,truncate,ftruncate,bind,execve';

let folder: string;
let world: StandInCloud;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jacqos-strace-'));
  world = await StandInCloud.open();
  writeFileSync(join(world.root, 'ca.crt'), world.ca);
  world.program.write();
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

test('a run writes no file, binds no port and starts only the three commands of jacqos', async () => {
  const trace = join(folder, 'trace');
  const where = [
    '--app-dir',
    world.app.dir,
    '--management-url',
    world.management.url,
    '--runtime-cell-url',
    world.runtime.url,
  ];
  const env = {
    ...world.environment,
    NODE_EXTRA_CA_CERTS: join(world.root, 'ca.crt'),
    JACQOS_RUNTIME_TOKEN: 'stand-in-token-0123456789',
  };
  const args = ['-f', '-qq', '-s', '300', '-o', trace, '-e', `trace=${CALLS}`, process.execPath, bin, ...where];
  const traced = await new Promise<{ status: number | null; stdout: string }>((resolve) => {
    // The planes answer from this process, so it must not wait.
    execFile('strace', [...args, '--deep', '--environment-id', 'prod'], { env }, (error, stdout) =>
      resolve({ status: error === null ? 0 : Number(error.code), stdout }),
    );
  });
  expect(traced.stdout).toMatch(/^OK {2}/m);
  const lines = readFileSync(trace, 'utf8').split('\n');
  const changing = lines.filter(
    (line) =>
      /\b(?:open|openat|creat)\(.*(?:O_WRONLY|O_RDWR|O_CREAT)|\b(?:unlink|rename|mkdir|chmod|link|symlink|truncate|bind)\w*\(/.test(
        line,
      ) && !/started\.log|"\/dev\/(?:null|tty|fd\/1)"|AF_NETLINK/.test(line),
  );
  expect(changing).toEqual([]);
  const started = lines.flatMap((line) => {
    const words = /execve\("([^"]+)", \[([^\]]*)\]/.exec(line);
    return words?.[1] === world.program.path ? [words[2]?.split(', ').slice(-2).join(' ')] : [];
  });
  expect([...new Set(started)].length).toBe(3);
  const log = readFileSync(world.program.log, 'utf8').trim().split('\n');
  expect(log.sort()).toEqual(['--version', 'cloud readiness --json', 'cloud status --json']);
  expect([...world.management.requests, ...world.runtime.requests].every(({ method }) => method === 'GET')).toBe(true);
});
