import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../shell.ts';

/** A file that only the older package has. */
export const OLDER_FILE = 'usr/share/doc/jaco-doctor/OLDER';

/** Writes a package of an older version to `folder` and gives its path: its program is a script that prints 0.0.1. */
export async function olderPackage(nfpm: string, packager: 'deb' | 'rpm', folder: string): Promise<string> {
  const program = join(folder, 'older-program');
  const config = join(folder, 'older.yaml');
  const path = join(folder, `older.${packager}`);
  writeFileSync(program, '#!/bin/sh\necho 0.0.1\n', { mode: 0o755 });
  const contents = [
    { src: program, dst: '/usr/bin/jaco-doctor' },
    { src: program, dst: `/${OLDER_FILE}` },
  ];
  const older = { name: 'jaco-doctor', arch: 'amd64', version: '0.0.1', release: '1', maintainer: 'x <x@localhost>' };
  writeFileSync(config, JSON.stringify({ ...older, description: 'older', contents }));
  const said = await command(nfpm, ['package', '--config', config, '--packager', packager, '--target', path]);
  if (said.code !== 0) throw new Error(`nfpm: ${said.stdout}${said.stderr}`);
  return path;
}
