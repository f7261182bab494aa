import { join } from 'node:path';
import { failed, type Result, value } from '../../engine/outcome.ts';
import { readText } from '../io/files.ts';
import { probe } from './jacqos-probe.ts';

/** The app's folder. `appId` is null if jacqos.toml is absent or has no valid id; then `problem` says why. */
export type AppDir = {
  readonly dir: string;
  readonly toml: 'there' | 'absent' | 'unreadable';
  readonly appId: string | null;
  readonly problem: string | null;
};

/** A valid file name: an id becomes part of a path. */
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Reads only `app_id` of jacqos.toml (TOML: required and not blank). */
export const appDir = probe({
  name: 'jacqos.app-dir',
  deadlineMs: 2_000,
  async collect({ settings: { appDir: dir } }): Promise<Result<AppDir>> {
    const path = join(dir, 'jacqos.toml');
    const read = await readText(path);
    if (read.kind === 'failed') {
      if (read.failure.why === 'absent') return value({ dir, toml: 'absent', appId: null, problem: null });
      if (read.failure.why === 'denied')
        return failed('denied', 'read', `${path} may not be read by this user`, null, { kind: 'as-owner', path });
      return value({ dir, toml: 'unreadable', appId: null, problem: read.failure.detail });
    }
    const { parse } = await import('smol-toml');
    let appId: unknown;
    try {
      appId = parse(read.text)['app_id'];
    } catch (error) {
      const line = (error as { line?: number }).line;
      const problem = `${path} is not TOML${line === undefined ? '' : ` at line ${line}`}`;
      return value({ dir, toml: 'unreadable', appId: null, problem });
    }
    if (typeof appId !== 'string' || appId.trim() === '')
      return value({ dir, toml: 'there', appId: null, problem: `${path} has no app_id` });
    if (!FILE_NAME.test(appId))
      return value({ dir, toml: 'there', appId: null, problem: `app_id of ${path} cannot be the name of a file` });
    return value({ dir, toml: 'there', appId, problem: null });
  },
});
