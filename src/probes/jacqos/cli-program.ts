import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { failed, type Result, value } from '../../engine/outcome.ts';
import { inspectPath } from '../io/files.ts';
import { probe } from './io.ts';

/** The jacqos command that this shell would start. */
export type CliProgram = { readonly path: string };

/**
 * The first jacqos on the user's PATH that may be run. A relative part of PATH is left out: it would be another program in
 * every folder.
 */
export const cliProgram = probe({
  name: 'jacqos.cli-program',
  deadlineMs: 1_000,
  async collect({ env }): Promise<Result<CliProgram>> {
    const folders = [...new Set((env['PATH'] ?? '').split(':').filter((part) => part.startsWith('/')))];
    let closed: string | null = null;
    for (const folder of folders) {
      const path = join(folder, 'jacqos');
      const seen = await inspectPath(path);
      if (seen.kind !== 'there' || seen.type !== 'file') continue;
      const runs = await access(path, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (runs) return value({ path });
      closed ??= path;
    }
    if (closed !== null) return failed('denied', 'start', `${closed} is there and may not be run by this user`);
    return failed('missing-tool', 'start', `no jacqos in the ${folders.length} folders of PATH`);
  },
});
