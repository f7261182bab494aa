import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { jacqos } from '../../checks/jacqos.ts';
import { expiredCertificate } from '../../src/demo/jacqos/certificates.ts';
import { json } from '../../src/demo/jacqos/plane.ts';
import { StandInCloud } from '../../src/demo/jacqos/stand-in-cloud.ts';
import { alive } from '../probes/io/alive.ts';
import { doctor, type Ended, quoted, shell } from './bin.ts';
import { reachableCopy, UNNAMED_ID } from './reachable-copy.ts';

let folder: string;
let world: StandInCloud;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jacqos-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  world = await StandInCloud.open();
  await writeFile(join(world.root, 'ca.crt'), world.ca);
});
afterEach(() => world.close());

const where = () => [
  '--app-dir',
  world.app.dir,
  '--management-url',
  world.management.url,
  '--runtime-cell-url',
  world.runtime.url,
];
const env = (): NodeJS.ProcessEnv => ({ ...world.environment, NODE_EXTRA_CA_CERTS: join(world.root, 'ca.crt') });

/** Makes the program print on stderr how much memory it used, in kilobytes, without the process that started it. */
const TELL = `import { readFileSync } from 'node:fs';
process.on('exit', () => process.stderr.write('PEAK ' + /VmHWM:\\s*(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]));`;
const telling = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(TELL)}` };
const peakOf = ({ stderr }: Ended): number => Number(/PEAK (\d+)/.exec(stderr)?.[1]);

/** Runs the built bin in the world, as its user would. */
function run(args: readonly string[] = [], input: string | Buffer = ''): Promise<Ended> {
  world.program.write();
  return doctor([...where(), ...args], { env: env(), input, product: 'jacqos' });
}

async function report(args: readonly string[] = [], input: string | Buffer = '') {
  const ended = await run([...args, '--format', 'json'], input);
  return { ...ended, report: JSON.parse(ended.stdout) };
}

describe('a healthy world', () => {
  test('is exit 0, prints nothing on stderr, and leaves nothing behind', async () => {
    const own = await mkdtemp(join(folder, 'tmp-'));
    world.env['TMPDIR'] = own;
    const ended = await run();
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^jacqos-doctor \d+\.\d+\.\d+ · .* · jacqos 1\.0\.0\n/);
    expect(ended.stdout).toMatch(/^OK {2}/m);
    expect(await readdir(own)).toEqual([]);
  });

  test('needs no color, no terminal and no wide one', async () => {
    world.program.readiness = { stdout: '{"error":"cloud_invite_required"}', code: 1 };
    world.program.write();
    const { stdout } = await doctor(where(), { env: { ...env(), COLUMNS: '60' }, product: 'jacqos' });
    const long = stdout.split('\n').filter((line) => line.length > 60 && !/^\s*(\$|verify|docs)|https?:/.test(line));
    expect(long.filter((line) => !line.includes('·'))).toEqual([]);
    expect(stdout).not.toMatch(/\u001b/);
  });
});

test('without HOME the command is started as the shell would start it', async () => {
  world.program.readiness = { lines: [`printf '{"status":"%s"}' "\${HOME-ready}"`] };
  world.program.write();
  const { HOME: _, ...homeless } = env();
  const line = `unset HOME; $DOCTOR ${where().join(' ')} --format id`;
  expect(await shell(line, { env: homeless, product: 'jacqos' })).toMatchObject({
    code: 0,
    stdout: 'pass\n',
    stderr: '',
  });
});

describe('the exit code', () => {
  test('is the same in every format', async () => {
    world.program.status = { stdout: '{"error":"no_active_evaluator"}', code: 1 };
    const codes = await Promise.all(
      ['human', 'json', 'id'].map(async (format) => (await run(['--format', format])).code),
    );
    expect(codes).toEqual([1, 1, 1]);
    expect((await run(['--format', 'id'])).stdout).toBe('no_active_evaluator\n');
  });

  test('distinguishes a failure from unknown', async () => {
    world.program.status = { stdout: '{}' };
    expect((await run()).code).toBe(3);
    world.program.status = { stdout: '{"lifecycle":"active"}', code: 4 };
    expect((await run()).code).toBe(3);
    world.management.answer = json(503, {});
    expect((await run()).code).toBe(1);
  });

  test('of a warning is 0, or 2 if that is requested', async () => {
    world.program.readiness = { stdout: '{"status":"ready","warnings":["billing_handoff_not_configured"]}' };
    expect((await run()).code).toBe(0);
    expect((await run(['--fail-on', 'warn'])).code).toBe(2);
  });
});

describe('--from', () => {
  test('takes a pipe: the id leads, and no other check runs', async () => {
    world.program.write();
    const line = `printf 'Error: revoked_runtime_token: rotate it\\n' 2>&1 | $DOCTOR ${where().join(' ')} --from - --format json`;
    const { report } = { report: JSON.parse((await shell(line, { env: env(), product: 'jacqos' })).stdout) };
    expect(report).toMatchObject({
      first: 'revoked_runtime_token',
      exit: { code: 1 },
      coverage: { evaluated: 2, skipped: 13 },
    });
    expect(world.management.requests).toEqual([]);
  });

  test('names no host if nothing on it was examined', async () => {
    const ended = await report(['--from', '-'], 'Error: append_policy_denied: no\n');
    expect(ended.report.target).not.toMatchObject({ host: hostname() });
    const { stdout } = await run(['--from', '-'], 'Error: append_policy_denied: no\n');
    expect(stdout).toContain(`${ended.report.target.host} · ${ended.report.target.via}\n`);
    expect(stdout).not.toMatch(/this host/);
    expect(stdout).not.toContain(hostname());
  });

  test('leads even if this host has no jacqos', async () => {
    world.program.write();
    world.program.remove();
    const given = (input: string) => doctor([...where(), '--from', '-'], { env: env(), product: 'jacqos', input });
    const known = await given('Error: cloud_invite_required: no\n');
    expect(known.code).toBe(1);
    expect(known.stdout).toMatch(/^FAIL {2}cloud_invite_required.*^warn {4}jacqos_cli_missing/ms);
    const strange = await given('error[some_unknown_thing_failed]: no\n');
    expect(strange.code).toBe(3);
    expect(strange.stdout).toMatch(/^note {4}not recognised: "some_unknown_thing_failed"/m);
    expect(strange.stdout).not.toMatch(/^FAIL/m);
  });

  test.each([
    ['Error: cloud_invite_invalid: no', ['configuration', 'cli', 'management-plane', 'account-readiness']],
    ['{"error":"missing_package_blob"}', null],
    ['{"error":"package_digest_mismatch"}', ['verification-bundle']],
    ['{"error":"revoked_runtime_token"}', ['runtime-token']],
  ])('the command that is printed to verify %s judges what was judged', async (input, judged) => {
    world.env['JACQOS_RUNTIME_TOKEN'] = 'rt-of-the-world';
    world.runtime.answersByPath.set('/v0/apps/shop/envs/prod/observe', json(200, {}));
    const ids = ['--app-id', 'shop', '--environment-id', 'prod'];
    const { report: said } = await report([...ids, '--from', '-'], input);
    const [found] = said.checks.flatMap((row: { findings: { verify: string[] }[] }) => row.findings);
    if (judged === null) return expect(found.verify).toEqual([]);
    const [bin, ...args] = found.verify;
    const again = await doctor([...args, '--format', 'json'], { env: env(), product: 'jacqos' });
    const rows = JSON.parse(again.stdout).checks.filter(({ status }: { status: string }) => status !== 'skipped');
    expect({ bin, code: again.code }).toEqual({ bin: 'jacqos-doctor', code: 0 });
    expect(rows.map(({ name }: { name: string }) => name)).toEqual(judged);
  });

  test('a token that is still refused fails its verify command', async () => {
    world.env['JACQOS_RUNTIME_TOKEN'] = 'rt-of-the-world';
    world.runtime.answersByPath.set('/v0/apps/shop/envs/prod/observe', json(401, { error: 'revoked_runtime_token' }));
    const args = ['--only', 'runtime-token', '--app-id', 'shop', '--environment-id', 'prod', '--format', 'id'];
    expect(await run([...args, '--deep'])).toMatchObject({ code: 1, stdout: 'revoked_runtime_token\n' });
    // Without a call nothing was checked.
    expect(await run(args)).toMatchObject({ code: 3 });
    expect((await run(['--only', 'runtime-token'])).stdout).toMatch(/- runtime-token: /);
  });

  test('leads together with checks that the user chose', async () => {
    const ended = await report(['--from', '-', '--only', 'account-readiness'], '{"error":"revoked_runtime_token"}');
    expect(ended).toMatchObject({ code: 1, report: { first: 'revoked_runtime_token' } });
    const skipped = await report(['--from', '-', '--skip', 'configuration'], 'Error: runtime_cell_unavailable\n');
    expect(skipped).toMatchObject({ code: 0, report: { coverage: { evaluated: 2, skipped: 13 } } });
  });

  test('takes a file as well, and one that is not there is a mistake of the user', async () => {
    const file = join(folder, 'deploy.log');
    await writeFile(file, 'Deploying…\n{"error":{"id":"missing_package_blob"}}\n');
    expect(await run(['--from', file, '--format', 'id'])).toMatchObject({ code: 1, stdout: 'missing_package_blob\n' });
    expect(await run(['--from', join(folder, 'none')])).toMatchObject({
      code: 64,
      stderr: expect.stringMatching(/ENOENT/),
    });
  });

  test('an outage that is over is exit 0, with the id shown', async () => {
    const ended = await run(['--from', '-'], '{"error":"runtime_cell_unavailable"}');
    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(/^note {4}.*runtime_cell_unavailable/m);
  });

  test('text without an id leads to all checks, and to exit 3 if they find nothing', async () => {
    const quiet = await report(['--from', '-'], 'something broke\n');
    expect(quiet).toMatchObject({ code: 3, report: { verdict: 'unknown', coverage: { skipped: 0 } } });
    world.program.status = { stdout: '{"error":"read_only_deployment"}', code: 1 };
    expect(await report(['--from', '-'], 'something broke\n')).toMatchObject({
      code: 1,
      report: { first: 'read_only_deployment' },
    });
  });

  test('unknown words beside a documented id are printed without --verbose, and are in the JSON', async () => {
    const text = '{"failures":["missing_runtime_token"],"lifecycle":"draining","error":"preview_region"}';
    const human = await run(['--from', '-'], text);
    expect(human.stdout).toMatch(/^FAIL {2}missing_runtime_token/m);
    const notes = human.stdout.match(/^note {4}not recognised: .*(?:\n {8}.*)*/m)?.[0];
    for (const word of ['preview_region', 'lifecycle: draining']) expect(notes).toContain(`"${word}"`);
    const { report: document } = await report(['--from', '-'], text);
    expect(JSON.stringify(document.checks)).toMatch(/not recognised: [^"]*\\"preview_region\\"/);
  });

  test('an unknown word is shown and taken for nothing', async () => {
    const ended = await run(['--from', '-'], 'error[missing_runtime_tokens]: none\n');
    expect(ended.code).toBe(3);
    expect(ended.stdout).toMatch(/^note {4}.*"missing_runtime_tokens"/m);
    expect(ended.stdout).toMatch(/- reported: .*\n?.*"missing_runtime_tokens"/);
  });

  test('of a long text both ends are read, and a note says that its middle was not', async () => {
    const filled = (before: string, behind: string) =>
      Buffer.concat([Buffer.from(before), Buffer.alloc(24 * 1024 * 1024, `${'x'.repeat(99)}\n`), Buffer.from(behind)]);
    const early = await report(['--from', '-'], filled('Error: append_policy_denied: no\n', ''));
    expect(early).toMatchObject({ code: 1, report: { first: 'append_policy_denied' } });
    const late = await report(['--from', '-'], filled('Deploying…\n', '\nError: append_policy_denied: no\n'));
    expect(late).toMatchObject({ code: 1, report: { first: 'append_policy_denied' } });
    expect(late.report).toMatchObject({
      checks: expect.arrayContaining([expect.objectContaining({ name: 'reported', notes: [expect.any(String)] })]),
    });
  });

  test('ten megabytes in one string of one document cost no more memory than as lines', async () => {
    world.program.write();
    const one = `["${'abc_def '.repeat(1_300_000)}"]`;
    const ended = await doctor([...where(), '--from', '-'], {
      env: { ...env(), ...telling },
      product: 'jacqos',
      input: one,
    });
    expect(ended.code).toBe(3);
    expect(peakOf(ended)).toBeLessThan(300_000);
  }, 30_000);

  test('a command that has much to say is not ended by its reader; one that never stops is', async () => {
    world.program.write();
    const left = join(world.root, 'deployed');
    const run = (command: string) =>
      shell(`(${command}) | $DOCTOR ${where().join(' ')} --from - --format id`, { env: env(), product: 'jacqos' });
    await run(`head -c 40000000 /dev/zero | tr '\\0' x && echo done > ${left}`);
    expect(await readFile(left, 'utf8')).toBe('done\n');
    const endless = await run(`echo 'Error: append_policy_denied: no'; exec yes endless`);
    expect(endless.stdout).toBe('append_policy_denied\n');
  }, 30_000);

  test('empty input is reported with the usual reason: stderr was not piped', async () => {
    const { report: said, code } = await report(['--from', '-'], '');
    expect(code).toBe(3);
    expect(JSON.stringify(said)).toMatch(/--from.*2>&1/);
  });

  test.skipIf(process.getuid?.() !== 0)('a folder that may not be entered is a mistake of the user', async () => {
    const closed = join(folder, 'closed');
    await mkdir(closed, { mode: 0o600 });
    const copy = reachableCopy();
    const program = `${quoted(copy.node)} ${quoted(copy.bin('jacqos'))}`;
    const line = `cd /; setpriv --reuid ${UNNAMED_ID} --regid ${UNNAMED_ID} --clear-groups ${program} --app-dir ${quoted(closed)}`;
    const { stderr, code } = await shell(`chmod 711 ${quoted(folder)}; ${line}`);
    copy.remove();
    expect({ code, stderr }).toMatchObject({
      code: 64,
      stderr: expect.stringMatching(new RegExp(`--app-dir.*${closed}`)),
    });
  });
});

describe('what the command does', () => {
  const rowOf = (name: string, { checks }: { checks: { name: string; status: string; reason: string | null }[] }) =>
    checks.find((row) => row.name === name);

  test('two hundred megabytes are read at both ends and cost no memory', async () => {
    world.program.status = {
      lines: ['head -c 200000000 /dev/zero | tr "\\0" x', 'echo', `echo '{"error":"degraded_deployment"}'`],
      code: 1,
    };
    world.program.write();
    const ended = await doctor([...where(), '--format', 'json'], { env: { ...env(), ...telling }, product: 'jacqos' });
    expect(JSON.parse(ended.stdout)).toMatchObject({ first: 'degraded_deployment' });
    expect(peakOf(ended)).toBeLessThan(300_000);
  }, 30_000);

  test('a status with 30,000 activity rows is read to its end, whose health is what counts', async () => {
    // Made up: no shape of an activity is documented.
    const rows = Array.from({ length: 30_000 }, (_, at) => ({
      id: `row_${at}`,
      at: '2026-11-24T10:00:00Z',
      status: 'done',
      text: `appended ${at} to the lineage of the shop`,
    }));
    const status = (health: string) => ({ stdout: JSON.stringify({ lifecycle: 'active', activity: rows, health }) });
    world.program.status = status('healthy');
    expect(world.program.status.stdout?.length).toBeGreaterThan(3_000_000);
    world.program.write();
    const ended = await doctor([...where(), '--format', 'json'], { env: { ...env(), ...telling }, product: 'jacqos' });
    expect(ended.code).toBe(0);
    expect(peakOf(ended)).toBeLessThan(300_000);
    world.program.status = status('amber');
    const { code, report: said } = await report();
    expect(code).toBe(3);
    expect(rowOf('deployment-status', said)?.reason).toContain('health: amber');
  }, 30_000);

  test('output without end is ended, and leaves no process', async () => {
    world.program.status = { lines: [`echo $$ > ${join(world.root, 'pid')}`, 'exec yes endless'] };
    const { code, report: said } = await report(['--timeout', '4s']);
    expect(code).toBe(3);
    expect(rowOf('deployment-status', said)?.reason).toMatch(/printed without end and was ended|did not end in time/);
    const pid = Number(await readFile(join(world.root, 'pid'), 'utf8'));
    await expect.poll(() => alive(pid)).toBe(false);
  }, 20_000);

  test('a command that ignores every signal is killed at the end of the run, and its earlier output is kept', async () => {
    const pids = join(world.root, 'pids');
    world.program.readiness = {
      stdout: 'error[workos_identity_rejected]: no\n',
      lines: ["trap '' TERM INT HUP", `sleep 600 & echo $$ $! > ${pids}; wait; sleep 600`],
    };
    const ended = await report(['--timeout', '2s']);
    expect(ended.report).toMatchObject({ first: 'workos_identity_rejected', exit: { code: 1 } });
    expect(ended.ms).toBeLessThan(5_000);
    const started = (await readFile(pids, 'utf8')).trim().split(' ').map(Number);
    await expect.poll(() => started.filter(alive)).toEqual([]);
  }, 20_000);

  test('colours, links, noise and bytes that are not text are harmless and hide nothing', async () => {
    world.program.readiness = {
      lines: [
        `printf '\\033]0;owned\\007\\033[2J\\033[31mError:\\033[0m \\033]8;;http://x.test\\033\\\\cloud_invite_invalid\\033]8;;\\033\\\\: \\377\\376 \\000 no\\n' >&2`,
      ],
      code: 1,
    };
    const ended = await run();
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/^FAIL {2}cloud_invite_invalid/m);
    expect(ended.stdout + ended.stderr).not.toMatch(/\u001b|\u0007|owned|x\.test/);
  });

  test('text around its JSON, and a line of stderr in the middle of it, change nothing', async () => {
    world.program.status = {
      lines: [
        `printf 'checking…\\n{"lifecycle":"active",'`,
        `echo 'warning: slow' >&2`,
        `printf '"health":"healthy"}\\nbye\\n'`,
      ],
    };
    expect(await report()).toMatchObject({ code: 0 });
  });

  test('a program that cannot be started, and one that may not be', async () => {
    world.program.write();
    await writeFile(world.program.path, '#!/no/such/interpreter\n');
    const broken = await doctor([...where(), '--format', 'json'], { env: env(), product: 'jacqos' });
    expect(broken.code).toBe(3);
    world.program.remove();
    const gone = await doctor([...where(), '--format', 'id'], { env: env(), product: 'jacqos' });
    expect(gone).toMatchObject({ code: 1, stdout: 'jacqos_cli_missing\n' });
    const watched = await doctor([...where(), '--only', 'management-plane,runtime-cell'], {
      env: env(),
      product: 'jacqos',
    });
    expect(watched.code).toBe(0);
  });
});

describe('a stalled world', () => {
  test('ends at the budget, and each row says at which phase', async () => {
    world.management.listener.behaviour = 'freeze';
    world.runtime.answer = { kind: 'silent' };
    world.program.status = { lines: ['exec sleep 600'] };
    world.program.readiness = { lines: ['exec sleep 600'] };
    const ended = await report(['--timeout', '2s']);
    expect(ended.code).toBe(3);
    expect(ended.ms).toBeLessThan(3_500);
    const reasons = JSON.stringify(ended.report.checks);
    expect(reasons).toMatch(/at tls/);
    expect(reasons).toMatch(/at first-byte/);
    expect(reasons).toMatch(/readiness --json did not end in time|at jacqos cloud readiness/);
  });
});

describe('the network', () => {
  test('a proxy that refuses is named, and the planes are not reported', async () => {
    const proxy = await StandInCloud.open();
    try {
      world.program.write();
      const dead = { ...env(), https_proxy: 'http://user:s3cr3t-p4ssw0rd@127.0.0.1:1' };
      const ended = await doctor([...where(), '--format', 'json'], { env: dead, product: 'jacqos' });
      expect(ended.code).toBe(3);
      expect(ended.stdout).toMatch(/the proxy 127\.0\.0\.1:1: connect to .*ECONNREFUSED/);
      expect(ended.stdout + ended.stderr).not.toMatch(/s3cr3t/);
      const excepted = await doctor(where(), {
        env: { ...dead, no_proxy: 'example.test,127.0.0.1' },
        product: 'jacqos',
      });
      expect(excepted.code).toBe(0);
    } finally {
      await proxy.close();
    }
  });

  test('a certificate that is not trusted here is reported with its issuer', async () => {
    world.program.write();
    const { NODE_EXTRA_CA_CERTS: _, ...plain } = env();
    const ended = await doctor(where(), { env: { ...plain, NODE_EXTRA_CA_CERTS: '' }, product: 'jacqos' });
    expect(ended.code).toBe(3);
    expect(ended.stdout.replace(/\s+/g, ' ')).toMatch(/JacqOS stand-in test CA|DEPTH_ZERO|not trusted/);
    expect(ended.stdout.replace(/\s+/g, ' ')).toMatch(/--ca-cert or NODE_EXTRA_CA_CERTS/);
    const ca = join(world.root, 'ca.crt');
    const trusting = await Promise.all([
      doctor([...where(), '--ca-cert', ca], { env: plain, product: 'jacqos' }),
      doctor(where(), { env: { ...plain, SSL_CERT_FILE: ca }, product: 'jacqos' }),
    ]);
    expect(trusting.map(({ code }) => code)).toEqual([0, 0]);
    world.runtime.showCertificate(expiredCertificate);
    expect((await run()).stdout.replace(/\s+/g, ' ')).toMatch(/the certificate has expired/);
  });
});

test('a readiness that fails and says only that the user is not signed in is quoted, with the sign-in as the next step', async () => {
  world.program.readiness = { stdout: '{"signed_in": false}', code: 1 };
  const human = await run(['--only', 'account-readiness']);
  expect(human.code).toBe(3);
  expect(human.stdout).toMatch(/^UNKNOWN {2}/m);
  expect(human.stdout).toContain('(exit 1): {"signed_in": false}');
  expect(human.stdout).toMatch(/^Fix {3}1\. {2}.*jacqos cloud login/m);
});

describe('secrets', () => {
  const CANARIES = {
    JACQOS_RUNTIME_TOKEN: 'canary-runtime-7f3a9c2e1b8d4056',
    JACQOS_AUTH_TESTING_EMAIL_API_KEY: 'canary-agentmail-51e0d9b3a7c24f68',
    JACQOS_CLOUD_INVITE_CODE: 'canary-invite-90ab12cd34ef5678',
  };
  test('come out of nothing: not of the report, of a recording, of --debug, or of an error', async () => {
    Object.assign(world.env, CANARIES);
    const said = Object.values(CANARIES).join(' ');
    world.app.write('.jacqos/cloud/notes.json', JSON.stringify({ token: CANARIES.JACQOS_RUNTIME_TOKEN }));
    world.program.readiness = {
      stdout: `{"error":{"id":"invalid_runtime_token","token":"${said}","code":"${CANARIES.JACQOS_CLOUD_INVITE_CODE}"},"observation":{"email":"ada@canary.test"}}`,
      stderr: `Bearer ${said}\n`,
      code: 1,
    };
    world.program.status = { stdout: `{"lifecycle":"${CANARIES.JACQOS_RUNTIME_TOKEN}","last_activity":"${said}"}` };
    world.management.answer = json(500, { detail: said });
    const file = join(folder, 'canaries.json');
    const outputs = await Promise.all([
      run(['--verbose', '--debug', '--record', file]),
      run(['--format', 'json', '--deep', '--app-id', 'shop', '--environment-id', 'prod']),
      run(['--from', '-'], `error[append_policy_denied]: ${said} observation body ada@canary.test\n`),
      run([`--${CANARIES.JACQOS_RUNTIME_TOKEN}`]),
      doctor(
        [
          ...where().slice(0, 2),
          '--management-url',
          `https://u:${CANARIES.JACQOS_RUNTIME_TOKEN}@127.0.0.1:1/?t=${CANARIES.JACQOS_CLOUD_INVITE_CODE}`,
        ],
        { env: env(), product: 'jacqos' },
      ),
    ]);
    const all = [...outputs.flatMap(({ stdout, stderr }) => [stdout, stderr]), await readFile(file, 'utf8')].join('\n');
    expect(all).not.toMatch(/canary-(?:runtime|agentmail|invite)-|canary\.test/);
    expect(outputs[0]?.stdout).toMatch(/^FAIL {2}secret_material_persisted/m);
    expect(outputs[0]?.stdout.replace(/\s+/g, ' ')).toMatch(/notes\.json/);
  });
});

describe('record and replay', () => {
  test('give the same bytes and the same code, and no other user may read the file', async () => {
    world.program.status = { stdout: '{"error":"no_active_evaluator"}', code: 1 };
    const file = join(folder, 'run.json');
    const live = await run(['--record', file, '--verbose']);
    const replay = await doctor(['--replay', file, '--verbose'], { product: 'jacqos' });
    expect(replay).toMatchObject({ stdout: live.stdout, code: live.code });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(live.stdout).toContain(`--app-dir ${world.app.dir}`);
  });

  test('a recording of the other product is refused', async () => {
    const file = join(folder, 'other.json');
    await run(['--record', file]);
    expect(await doctor(['--replay', file])).toMatchObject({
      code: 64,
      stderr: expect.stringMatching(/--replay.*jacqos\b.*jaco\b/),
    });
  });
});

describe('the command line', () => {
  test.each<[string, readonly string[], RegExp]>([
    [
      'an address that is not valid',
      ['--management-url', 'cloud.jacqos.io'],
      /--management-url: not an http or https address/,
    ],
    ['the other address', ['--runtime-cell-url', 'ftp://x'], /--runtime-cell-url: not an http or https address/],
    ['a folder that is not there', ['--app-dir', '/no/such/app'], /--app-dir: \/no\/such\/app: ENOENT/],
    ['a CA that is not there', ['--ca-cert', '/no/such/ca.pem'], /--ca-cert: \/no\/such\/ca\.pem: ENOENT/],
    [
      'a CA file without a certificate',
      ['--ca-cert', 'package.json'],
      /--ca-cert: package\.json: no certificate in PEM/,
    ],
    ['a flag of the other product', ['--socket', '/x'], /--socket/],
    ['an id of the other product', ['quorum_lost'], /"quorum_lost" is not a check/],
    ['a misspelled check', ['--only', 'runtime-tokn'], /did you mean runtime-token\?/],
    ['an id that is a path', ['--app-id', '../x'], /--app-id: .*letters/],
    ['an unknown fault', ['demo', 'cell-dwn'], /no fault "cell-dwn"; did you mean cell-down\?/],
    [
      'a misspelled id to explain',
      ['explain', 'missing_runtime_tokn'],
      /no id is called .*did you mean missing_runtime_token\?/,
    ],
  ])('%s is reported on stderr, with exit 64 and nothing on stdout', async (_what, args, says) => {
    const ended = await doctor(args, { product: 'jacqos' });
    expect(ended.stderr).toMatch(says);
    expect(ended.stderr).toMatch(/^jacqos-doctor: /);
    expect(ended).toMatchObject({ code: 64, stdout: '' });
  });

  test('--help shows this product and nothing of the other', async () => {
    const { stdout, code } = await doctor(['--help'], { product: 'jacqos' });
    expect(code).toBe(0);
    expect(stdout).toMatch(/--runtime-cell-url/);
    expect(stdout).not.toMatch(/--socket|--token|JACO_|jacod|raft/);
    for (const exit of ['0', '1', '2', '3', '64', '70']) expect(stdout).toMatch(new RegExp(`^\\s+${exit}\\s+\\S`, 'm'));
    expect((await doctor(['--help'])).stdout).not.toMatch(/JACQOS|jacqos/);
  });

  test('--version, checks and explain are this product’s', async () => {
    expect((await doctor(['--version'], { product: 'jacqos' })).stdout).toMatch(/^jacqos-doctor\/\d/);
    const { stdout } = await doctor(['checks'], { product: 'jacqos', env: { COLUMNS: '100' } });
    for (const { check } of jacqos.order) expect(stdout).toMatch(new RegExp(`^${check.name} \\(`, 'm'));
    expect(stdout).not.toMatch(/a node|control port/);
    const explained = await doctor(['explain', '-'], { product: 'jacqos', input: '{"code":"wrong_runtime_scope"}' });
    expect(explained.stdout).toMatch(/^wrong_runtime_scope: /);
    expect(explained.stdout).toContain('$ jacqos-doctor --only runtime-token --deep');
  });

  test('a demo is right and exits 0', async () => {
    const ended = await doctor(['demo', 'read-only'], { product: 'jacqos' });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^FAIL {2}read_only_deployment/m);
  });
});
