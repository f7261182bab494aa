import { expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import { jaco, programs, switches } from './commands.ts';

const { entries } = await loadCatalog('jaco');

const EFFECTS = ['read', 'restart', 'write', 'destructive'];
const steps = entries.flatMap((entry) => entry.fix.map((step) => ({ id: entry.id, step })));

test('every entry that is found, or shown by text, says what to do', () => {
  for (const entry of entries) expect(entry.fix.length, entry.id).toBeGreaterThan(0);
});

test('every command is one of the known programs, and its effect is not played down', () => {
  for (const { id, step } of steps) {
    if (step.run === null) continue;
    const [program = '', first = '', second = ''] = step.run;
    if (program === 'jaco') continue;
    const known = programs[program];
    expect(known, `${id}: ${program}`).toBeDefined();
    let least = typeof known === 'string' ? known : known?.[first];
    expect(least, `${id}: ${program} ${first}`).toBeDefined();
    if (program === 'docker' && first === 'network' && second === 'rm') least = 'destructive';
    if (program === 'modprobe' && first !== '-n') least = 'write';
    if (program === 'sysctl' && first === '-w') least = 'write';
    expect(EFFECTS.indexOf(step.effect), `${id}: ${step.run.join(' ')}`).toBeGreaterThanOrEqual(
      EFFECTS.indexOf(least ?? ''),
    );
  }
});

test('every jaco command has a subcommand and flags that its help shows, and --server where it needs one', () => {
  for (const { id, step } of steps.filter(({ step: one }) => one.run?.[0] === 'jaco')) {
    const [, ...words] = step.run ?? [];
    const name = Object.hasOwn(jaco, words.slice(0, 2).join(' ')) ? words.slice(0, 2).join(' ') : (words[0] ?? '');
    const command = jaco[name];
    expect(command, `${id}: jaco ${words.join(' ')}`).toBeDefined();
    const rest = words.slice(name.split(' ').length);
    const flags = rest.filter((word) => word.startsWith('-'));
    for (const flag of flags) expect(command?.flags, `${id}: jaco ${name} ${flag}`).toContain(flag);
    const takingValue = flags.filter((flag) => !switches.has(flag)).length;
    expect(rest.length - flags.length - takingValue, `${id}: arguments of jaco ${name}`).toBeLessThanOrEqual(
      command?.args ?? 0,
    );
    if (command?.server) expect(flags, `${id}: jaco ${name}`).toContain('--server');
    if (flags.includes('--server')) {
      expect(step.needs, id).toBe('token');
      expect(step.when, `${id}: the leader's address must be known`).toContain('leader');
    }
  }
});

test('a command is a list of words and not a shell line, and never starts with sudo', () => {
  for (const { id, step } of steps)
    for (const [place, word] of (step.run ?? []).entries()) {
      // Docker's templates and nft's set types contain characters that are special in a shell, but each is one word
      // here.
      if (!/\{\{|^\{ /.test(word)) expect(word, id).not.toMatch(/[|;&><`$]/);
      if (place === 0) expect(word, id).toMatch(/^(?!sudo$)[a-z]+$/);
    }
});

test('what needs systemd is only printed where systemd is, if it belongs to a check that also works without', () => {
  for (const { id, step } of steps)
    if (step.when.includes('systemd')) expect(step.when, id).not.toContain('no-systemd');
});
