import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { releaseData } from '../../src/catalog/generated/releases.ts';
import { doctor } from './bin.ts';

const NEWEST = releaseData.releases[0]?.tag ?? '';

test('releases lists what this build knows, newest first, with the date of its data and the issues of each release', async () => {
  const { stdout, code } = await doctor(['releases']);
  expect(code).toBe(0);
  expect(stdout).toContain(releaseData.asOf);
  const tags = [...stdout.matchAll(/^(v\d+\.\d+\.\d+) /gm)].map(([, tag]) => tag);
  expect(tags).toEqual(releaseData.releases.map(({ tag }) => tag));
  expect(stdout).toMatch(/^v0\.3\.8 [\s\S]*?known issues: #181 #187 .*$/m);
});

test('releases is one JSON document if that is requested', async () => {
  const document = JSON.parse((await doctor(['releases', '--format', 'json'])).stdout);
  expect(document).toMatchObject({ schema: 'doctor-releases/1', product: 'jaco', asOf: releaseData.asOf });
  expect(document.releases[0]).toMatchObject({ tag: NEWEST, issues: [] });
  const of = (tag: string) => document.releases.find((one: { tag: string }) => one.tag === tag).issues;
  expect(of('v0.3.8')).toContain(188);
  // v0.3.7 has #172, and v0.3.8 fixes it.
  expect([of('v0.3.6').includes(172), of('v0.3.7').includes(172), of('v0.3.8').includes(172)]).toEqual([
    false,
    true,
    false,
  ]);
});

test('releases takes no argument', async () => {
  expect(await doctor(['releases', 'v0.3.8'])).toMatchObject({ code: 64, stdout: '' });
});

test.each(['#165', '165', 'issue 165', 'issue #165'])('explain %j says what is known of the issue', async (words) => {
  const { stdout, code } = await doctor(['explain', ...words.split(' ')]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^#165: /);
  for (const quoted of ['v0.0.1 to v0.3.5', 'v0.3.6', '/etc/resolv.conf', 'dns_upstream_unreachable', 'v0.3.4, v0.3.5'])
    expect(stdout.replace(/\s+/g, ' ')).toContain(quoted);
});

test('an issue is found by each number that it has', async () => {
  expect((await doctor(['explain', '#185'])).stdout).toMatch(/^#181 \(also #185\): /);
});

test('explain known issues lists all of them', async () => {
  const { stdout } = await doctor(['explain', 'known', 'issues']);
  for (const { issue } of releaseData.issues) expect(stdout).toMatch(new RegExp(`^#${issue} `, 'm'));
});

test('an unknown issue is not guessed', async () => {
  expect(await doctor(['explain', '#999'])).toMatchObject({
    code: 64,
    stdout: '',
    stderr: expect.stringContaining('999'),
  });
});

test('checks in JSON names the known issues that the doctor recognises', async () => {
  const document = JSON.parse((await doctor(['checks', '--format', 'json'])).stdout);
  expect(document.knownIssues).toContainEqual(expect.objectContaining({ issue: 181, fixed: 'v0.3.9' }));
});

/** Whether a run of the program loads the known issues. */
async function loadsIssues(words: readonly string[]): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'loaded-'));
  try {
    await doctor(words, { env: { NODE_V8_COVERAGE: folder } });
    const scripts = readdirSync(folder).flatMap(
      (file) => JSON.parse(readFileSync(join(folder, file), 'utf8')).result as { url: string }[],
    );
    const paths = scripts.flatMap(({ url }) => (url.includes('/dist/') ? [fileURLToPath(url)] : []));
    expect(paths.length).toBeGreaterThan(0);
    return paths.some((path) => readFileSync(path, 'utf8').includes(releaseData.issues[0]?.title ?? 'none'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the known issues are only loaded if one of them is shown', async () => {
  expect(await loadsIssues(['--version'])).toBe(false);
  expect(await loadsIssues(['explain', 'no_leader'])).toBe(false);
  expect(await loadsIssues(['explain', '#165'])).toBe(true);
});
