import { expect, test } from 'vitest';
import daemonVersion from '../../../checks/jaco/daemon-version.ts';
import { brief, idsAndTextsArePinned, unquoted } from '../scene.ts';
import { jacod, judgeScene, refused, type Scene } from './scenes/daemon-scene.ts';

const versionRow = (scene: Scene) => judgeScene(scene)['daemon-version'];
const known = (version: string) => ({ kind: 'known', version, source: 'a test' }) as const;
const unseen = (reason: string) => ({ kind: 'unknown', reason }) as const;
const REPLACED = { main: jacod({ exe: { path: '/usr/local/bin/jacod', deleted: true } }) };
const HIDDEN = { main: jacod({ exe: null }) };

test('the installed daemon runs', () => {
  const row = versionRow({});
  expect(brief(row)).toBe('pass');
  expect(unquoted(row, 'v0.3.9', '/usr/local/bin/jacod', '--version')).toEqual([]);
});

test('after an upgrade without a restart the old release is still running', () => {
  const row = versionRow({ process: REPLACED, version: { running: known('v0.3.2') } });
  expect(brief(row)).toBe('warn binary_not_restarted');
  expect(row?.findings[0]).toMatchObject({
    evidence: ['installed: v0.3.9 (/usr/local/bin/jacod --version)', 'running: v0.3.2 (a test)'],
  });
});

test('a package named after another release than the build is reported, and the process counts', () => {
  const row = versionRow({ pack: { kind: 'known', version: '0.3.8-1' } });
  expect(brief(row)).toBe('pass');
  expect(row?.notes.join()).toMatch(/0\.3\.8-1.*v0\.3\.9/);
  expect(versionRow({ pack: { kind: 'known', version: '0.3.9-1' } })?.notes).toEqual([]);
});

test('a file replaced by the same release is not a difference', () => {
  const row = versionRow({ process: REPLACED });
  expect(brief(row)).toBe('pass');
});

test('a replaced file is reported even if the running version is no longer in the journal', () => {
  const row = versionRow({
    process: REPLACED,
    version: { running: unseen('the journal does not hold the first line of the running process') },
  });
  expect(brief(row)).toBe('warn binary_not_restarted');
  expect(unquoted(row, 'the journal does not hold the first line of the running process')).toEqual([]);
});

test('an unreadable version is a note if the file shows that it is the same', () => {
  const row = versionRow({
    version: { installed: unseen('/usr/local/bin/jacod --version did not answer with a version') },
  });
  expect(brief(row)).toBe('pass');
  expect(row?.notes).toHaveLength(1);
  expect(unquoted(row, '/usr/local/bin/jacod --version did not answer with a version')).toEqual([]);
});

test('where neither program nor journal may be read it is unknown, and root could', () => {
  const row = versionRow({
    process: HIDDEN,
    version: { running: unseen('only root and the groups systemd-journal and adm can read the journal') },
  });
  expect(brief(row)).toBe('unknown');
  expect(unquoted(row, 'only root and the groups systemd-journal and adm can read the journal')).toEqual([]);
});

test('two known versions need no process', () => {
  expect(brief(versionRow({ process: refused('jaco.process', 'timeout', 'scan', 'too slow') }))).toBe('pass');
});

test('without a daemon there is nothing to compare', () => {
  expect(brief(versionRow({ process: { main: null } }))).toBe('not-applicable');
});

idsAndTextsArePinned('jaco', daemonVersion);
