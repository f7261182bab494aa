import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { shell } from './bin.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [, ci = ''] = /^## CI$([\s\S]*?)^## /m.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
const blockOf = (language: string): string => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(ci)?.[1] ?? '';

type Step = { readonly run?: string; readonly if?: string; readonly with?: { readonly path?: string } };
const steps: readonly Step[] = parse(blockOf('yaml'));
const gate = steps.find(({ run }) => run?.includes('jaco-doctor'))?.run ?? '';
const upload = steps.find(({ with: given }) => given?.path !== undefined);

const folder = mkdtempSync(join(tmpdir(), 'ci-snippets-'));
afterAll(() => rmSync(folder, { recursive: true }));
symlinkSync(join(root, 'bin/jaco-doctor.js'), join(folder, 'jaco-doctor'));
symlinkSync(process.execPath, join(folder, 'node'));

/** A port of this host on which nothing listens. */
function closedPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Runs a script of the README in an empty folder, with the doctor on PATH and a cluster that does not answer. */
async function run(script: string): Promise<{ code: number | null; report: string }> {
  const cwd = mkdtempSync(join(folder, 'work-'));
  const env = {
    PATH: `${folder}:/usr/bin:/bin`,
    JACO_SERVER: `127.0.0.1:${await closedPort()}`,
    JACO_SOCKET: '',
  };
  const { code } = await shell(`cd '${cwd}'\n${script}`, { env });
  return { code, report: readFileSync(join(cwd, 'doctor.json'), 'utf8') };
}

// GitHub runs a step with `bash -e`, and so do many other runners.
test.each([
  ['the shell lines', blockOf('sh')],
  ['the shell lines under set -e', `set -eu\n${blockOf('sh')}`],
  ['the step of GitHub Actions', `set -e\n${gate}`],
])('a gate that fails in CI keeps the JSON report and the exit code: %s', async (_, script) => {
  expect(script).toContain('jaco-doctor ');
  const { code, report } = await run(script);
  expect(JSON.parse(report)).toMatchObject({ first: 'daemon_unreachable', exit: { code: 1 } });
  expect(code).toBe(1);
});

test('a failed step of GitHub Actions does not skip the upload of its report', () => {
  expect(upload).toMatchObject({ if: 'always()', with: { path: 'doctor.json' } });
});
