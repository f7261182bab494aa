import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command } from './shell.ts';
import { REPOSITORY, run } from './single-file/minimal-host.ts';

type Component = {
  readonly name: string;
  readonly version: string;
  readonly purl?: string;
  readonly components?: readonly Component[];
};

const { version } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8'));
const release = (out: string) =>
  run(['sh', '-c', 'cd "$1" && SOURCE_DATE_EPOCH=1700000000 npm run --silent release "$2"', 'sh', REPOSITORY, out]);

describe('a release', () => {
  const out = mkdtempSync(join(tmpdir(), 'release-'));
  const size = (name: string): number => statSync(join(out, name)).size;
  afterAll(() => rmSync(out, { recursive: true }));
  beforeAll(async () => {
    const { code, stderr } = await release(out);
    // Go says there what it downloads.
    expect(code, stderr).toBe(0);
  }, 1_800_000);

  it('has the checksum of every file, as sha256sum verifies it', async () => {
    const { code, stdout } = await run(['sh', '-c', 'cd "$1" && sha256sum --check --strict SHA256SUMS', 'sh', out]);
    expect(code).toBe(0);
    const verified = stdout.trim().split('\n');
    expect(verified.every((line) => line.endsWith(': OK'))).toBe(true);
    expect([...verified.map((line) => line.replace(': OK', '')), 'SHA256SUMS'].sort()).toEqual(readdirSync(out).sort());
  });

  it('has every package and both executables, of the version in package.json', async () => {
    const files = readdirSync(out);
    const ours = ['.tgz', '.cdx.json', '-linux-x64', '-linux-x64.xz', '-linux-arm64', '-linux-arm64.xz'];
    expect(files).toEqual(expect.arrayContaining(ours.map((end) => `jaco-doctor-${version}${end}`)));
    const packages = files.filter((file) => /\.(deb|rpm)$/.test(file));
    expect(packages.sort()).toEqual([
      `jaco-doctor-${version}-1.aarch64.rpm`,
      `jaco-doctor-${version}-1.x86_64.rpm`,
      `jaco-doctor_${version}-1_amd64.deb`,
      `jaco-doctor_${version}-1_arm64.deb`,
    ]);
    expect(files.filter((file) => file !== 'SHA256SUMS' && !file.includes(version))).toEqual([]);
    const { stdout } = await command(join(out, `jaco-doctor-${version}-linux-x64`), ['--version']);
    expect(stdout).toContain(`jaco-doctor/${version} `);
  });

  it.each(['x64', 'arm64'])('has an executable of at most 125 MB for %s, compressed at most 40 MB', (arch) => {
    expect(size(`jaco-doctor-${version}-linux-${arch}`)).toBeLessThan(125_000_000);
    expect(size(`jaco-doctor-${version}-linux-${arch}.xz`)).toBeLessThan(40_000_000);
  });

  it('lists what is in the executable: every bundled package, Node, and the libraries in Node', () => {
    const bill = JSON.parse(readFileSync(join(out, `jaco-doctor-${version}.cdx.json`), 'utf8'));
    const bundled: readonly Component[] = JSON.parse(
      readFileSync(join(REPOSITORY, 'dist/third-party-licenses.json'), 'utf8'),
    );
    const listed: readonly Component[] = bill.components;
    expect(bill).toMatchObject({ bomFormat: 'CycloneDX', metadata: { timestamp: '2023-11-14T22:13:20.000Z' } });
    expect(
      listed.filter(({ purl }) => purl?.startsWith('pkg:npm/')).map((each) => `${each.name}@${each.version}`),
    ).toEqual(bundled.map((each) => `${each.name}@${each.version}`).sort());
    const { singleFile } = JSON.parse(readFileSync(join(REPOSITORY, 'scripts/node-versions.json'), 'utf8'));
    const node = listed.find(({ name }) => name === 'node');
    expect(node).toMatchObject({ version: singleFile });
    expect(node?.components?.map(({ name }) => name)).toEqual(expect.arrayContaining(['openssl', 'v8', 'uv', 'zlib']));
  });

  it('has the same package and the same bill of materials in a second build', async () => {
    const again = mkdtempSync(join(tmpdir(), 'release-again-'));
    const script = `
      cd "$1" && npm pack --silent --ignore-scripts --pack-destination "$2" >/dev/null
      node -e 'import("./scripts/release/bill-of-materials.js").then(({ billOfMaterials }) => process.stdout.write(billOfMaterials(1700000000)))' >"$2/$3"
      cmp "$2/$3" "$4/$3"; cmp "$2/$5" "$4/$5"`;
    const names = [`jaco-doctor-${version}.cdx.json`, `jaco-doctor-${version}.tgz`];
    const said = await run(['sh', '-c', script, 'sh', REPOSITORY, again, names[0] ?? '', out, names[1] ?? '']);
    rmSync(again, { recursive: true });
    expect(said).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});
