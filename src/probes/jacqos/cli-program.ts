import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { failed, type Result, value } from '../../engine/outcome.ts';
import { inspectPath } from '../io/files.ts';
import { probe } from './jacqos-probe.ts';

/** The jacqos command that this shell would run. */
export type CliProgram = { readonly path: string };

/**
 * The first executable jacqos on the user's PATH. A relative entry of PATH is ignored: it is a different folder in
 * every working directory.
 */
export const cliProgram = probe({
  name: 'jacqos.cli-program',
  deadlineMs: 1_000,
  async collect({ env }): Promise<Result<CliProgram>> {
    const folders = [...new Set((env['PATH'] ?? '').split(':').filter((part) => part.startsWith('/')))];
    let notExecutable: string | null = null;
    for (const folder of folders) {
      const path = join(folder, 'jacqos');
      const status = await inspectPath(path);
      if (status.kind !== 'there' || status.type !== 'file') continue;
      const isExecutable = await access(path, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (isExecutable) return value({ path });
      notExecutable ??= path;
    }
    if (notExecutable !== null) return failed('denied', 'start', `this user may not run ${notExecutable}`);
    return failed('missing-tool', 'start', `no jacqos in the ${folders.length} folders of PATH`);
  },
});
