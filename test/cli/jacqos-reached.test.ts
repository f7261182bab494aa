import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StandInCloud } from '../../src/demo/jacqos/stand-in-cloud.ts';
import { doctor, type Ended, shell } from './bin.ts';
import { theFunctionWorks } from './shell-function.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

let folder: string;
let world: StandInCloud;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jacqos-reached-'));
  world = await StandInCloud.open();
  writeFileSync(join(world.root, 'ca.crt'), world.ca);
  world.program.status = { stdout: '{"error":"no_active_evaluator"}', code: 1 };
  world.program.write();
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

const where = () => [
  '--app-dir',
  world.app.dir,
  '--management-url',
  world.management.url,
  '--runtime-cell-url',
  world.runtime.url,
];
const env = (): NodeJS.ProcessEnv => ({ ...world.environment, NODE_EXTRA_CA_CERTS: join(world.root, 'ca.crt') });

describe('as a plugin of an oclif host called jacqos', () => {
  let bin: string;
  beforeAll(() => {
    // The published package, in the node_modules of a program that lists it.
    const host = join(folder, 'host');
    const installed = join(host, 'node_modules', pjson.name);
    mkdirSync(join(host, 'bin'), { recursive: true });
    mkdirSync(join(host, 'node_modules', '@oclif'), { recursive: true });
    mkdirSync(join(host, 'commands'));
    for (const part of ['package.json', ...pjson.files])
      cpSync(join(root, part), join(installed, part), { recursive: true });
    symlinkSync(join(root, 'node_modules/@oclif/core'), join(host, 'node_modules/@oclif/core'));
    const oclif = { bin: 'jacqos', commands: './commands', plugins: [pjson.name], topicSeparator: ' ' };
    writeFileSync(
      join(host, 'package.json'),
      JSON.stringify({ name: 'jacqos', version: '9.9.9', type: 'module', oclif, dependencies: { [pjson.name]: '*' } }),
    );
    writeFileSync(
      join(host, 'commands', 'serve.js'),
      `import { Command } from '@oclif/core';\nexport default class Serve extends Command { async run() { this.log('the host serves'); } }\n`,
    );
    bin = join(host, 'bin', 'run.js');
    writeFileSync(bin, `import { execute } from '@oclif/core';\nawait execute({ dir: import.meta.url });\n`);
  });

  const host = (words: readonly string[], given: NodeJS.ProcessEnv = {}): Promise<Ended> =>
    shell(`"$NODE" ${bin} ${words.map((word) => `'${word}'`).join(' ')}`, {
      env: { ...env(), ...given, NODE: process.execPath, PATH: `${world.program.folder}:/usr/bin:/bin` },
    });

  test('jacqos doctor is this product’s doctor, and prints the words that the user typed', async () => {
    const ended = await host(['doctor', ...where()]);
    expect(ended.stdout).toMatch(/^FAIL {2}no_active_evaluator/m);
    expect(ended.stdout).toMatch(/Verify {4}\$ jacqos doctor --only activation/);
    expect(ended).toMatchObject({ code: 1, stderr: '' });
  });

  test('its other words and its flags work there too', async () => {
    expect((await host(['doctor', 'explain', 'no_active_evaluator'])).stdout).toMatch(
      /\$ jacqos doctor --only activation/,
    );
    expect((await host(['doctor', 'checks'])).stdout).toMatch(/management-plane/);
    const help = (await host(['doctor', '--help'])).stdout;
    expect(help).toMatch(/\$ jacqos doctor \[CHECK.*--runtime-cell-url.*\$ jacqos doctor explain no_active_evaluator/s);
    expect((await host(['doctor', 'explain', '--help'])).stdout).toMatch(/\$ jacqos doctor explain \[ID/);
  });

  test('mistakes are exit 64, and no secret is quoted', async () => {
    const token = 'canary-runtime-7f3a9c2e1b8d4056';
    const ended = await host(['doctor', '--only', token], { JACQOS_RUNTIME_TOKEN: token });
    expect(ended.code).not.toBe(0);
    expect(ended.stdout + ended.stderr).not.toContain(token);
    expect(await host(['doctor', '--only', 'nothing'])).toMatchObject({
      code: 64,
      stderr: expect.stringMatching(/^jacqos doctor: --only: "nothing"/),
    });
  });

  test('the host program keeps its own commands, and gets none of the other product', async () => {
    expect((await host(['serve'])).stdout).toBe('the host serves\n');
    const help = await host(['--help']);
    expect(help.stdout).toMatch(/doctor/);
    expect(help.stdout).not.toMatch(/JACO|raft|jacod/);
  });
});

describe('by git-style dispatch', () => {
  test('a jacqos that passes unknown words on finds the bin on PATH', async () => {
    const bins = join(folder, 'bins');
    mkdirSync(bins);
    symlinkSync(join(root, pjson.bin['jacqos-doctor']), join(bins, 'jacqos-doctor'));
    symlinkSync(process.execPath, join(bins, 'node'));
    const dispatcher = join(bins, 'jacqos');
    writeFileSync(
      dispatcher,
      `#!/bin/sh\nword=$1; shift\ncase "$word" in\n  cloud) exec "${world.program.path}" cloud "$@" ;;\n  --version) echo jacqos 2.0.0 ;;\n  *) exec "jacqos-$word" "$@" ;;\nesac\n`,
    );
    chmodSync(dispatcher, 0o755);
    const typed = (words: string) => shell(words, { env: { ...env(), PATH: `${bins}:/usr/bin:/bin` } });
    const ended = await typed(`jacqos doctor ${where().join(' ')}`);
    expect(ended).toMatchObject({ code: 1, stderr: '' });
    expect(ended.stdout).toMatch(/jacqos 2\.0\.0\n\nFAIL {2}no_active_evaluator/);
    expect(ended.stdout).toMatch(/Verify {4}\$ jacqos doctor --only activation/);
    expect((await typed('jacqos doctor --help')).stdout).toMatch(/\$ jacqos doctor \[CHECK/);
    expect((await typed('jacqos-doctor --help')).stdout).toMatch(/\$ jacqos-doctor \[CHECK/);
  });
});

test('by the shell function of the README, in bash', () => theFunctionWorks('bash'));

test('no bin of the product’s own name is brought along', async () => {
  expect(Object.keys(pjson.bin)).toEqual(['jaco-doctor', 'jacqos-doctor']);
  expect((await doctor(['--version'], { product: 'jacqos' })).code).toBe(0);
});
