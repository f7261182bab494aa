import { join } from 'node:path';
import { failed, notApplicable, type Result, value } from '../../engine/outcome.ts';
import { listFolder, modifiedMs, readText } from '../io/files.ts';
import { appDir } from './app-dir.ts';
import { newestSource } from './bundle/newest-source.ts';
import { type Bundle, parseBundle } from './bundle/parse-bundle.ts';
import { probe } from './jacqos-probe.ts';

/** The verification bundle of the app (VB), or why none can be read. */
export type BundleFact = {
  readonly path: string;
  readonly found:
    | Bundle
    /** `others` are the apps of the other bundles in the folder, by the names of their files. */
    | { readonly kind: 'absent'; readonly others: readonly string[] };
  /** A source that changed after the bundle was written; null for none, or if the times could not be read. */
  readonly newer: string | null;
};

/** Larger than any real bundle, in bytes. */
const MAX_BUNDLE = 16 * 1024 * 1024;

/** Reads `generated/verification/APP_ID.json`. */
export const bundle = probe({
  name: 'jacqos.bundle',
  after: { app: appDir },
  deadlineMs: 4_000,
  async collect({ phase }, { app }): Promise<Result<BundleFact>> {
    if (app.toml === 'absent') return notApplicable(`${app.dir} is not the folder of an app: it has no jacqos.toml`);
    if (app.appId === null) return notApplicable(app.problem ?? 'the app has no id');
    const folder = join(app.dir, 'generated', 'verification');
    const path = join(folder, `${app.appId}.json`);
    phase('read');
    const read = await readText(path, MAX_BUNDLE);
    if (read.kind === 'failed') {
      if (read.failure.why === 'denied')
        return failed('denied', 'read', read.failure.detail, null, { kind: 'as-owner', path });
      if (read.failure.why !== 'absent') return read;
      const names = await listFolder(folder);
      const files = names.kind === 'names' ? names.names.filter((name) => name.endsWith('.json')) : [];
      const others = files.sort().map((name) => name.slice(0, -'.json'.length));
      return value({ path, found: { kind: 'absent', others }, newer: null });
    }
    phase('compare');
    const written = await modifiedMs(path);
    const newer = written === null ? null : await newestSource(app.dir, written);
    return value({ path, found: parseBundle(read.text), newer });
  },
});
