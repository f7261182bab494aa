import { basename } from 'node:path';
import { type Outcome, type Result, value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import { childFailure } from '../../io/child-failure.ts';
import { isSameFile } from '../../io/files.ts';
import { runChild } from '../../io/run-child.ts';
import { type Jacod, type JacodProcess, jacodProcess } from '../daemon/jacod-process.ts';
import { unit } from '../daemon/unit.ts';
import { probe } from '../jaco-probe.ts';
import { type Journal, journal } from './journal.ts';

/** A version from a source (`v0.3.9`, `dev`), or why it is unknown. It is never a guess. */
export type VersionOrReason =
  | { readonly kind: 'known'; readonly version: string; readonly source: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/** The installed and the running version. */
export type JacodVersion = {
  /** The program that was asked. */
  readonly path: string;
  readonly installed: VersionOrReason;
  readonly running: VersionOrReason;
};

/** Versions of the installed and of the running jacod. */
export const jacodVersion = probe({
  name: 'jaco.version',
  after: { unit: attempt(unit), process: attempt(jacodProcess), journal: attempt(journal) },
  deadlineMs: 5_000,
  async collect(io, { unit, process, journal }, signal): Promise<Result<JacodVersion>> {
    const main = process.kind === 'value' ? process.value.main : null;
    if (io.settings.standIn !== null) return value(standInVersion(io.settings.standIn.version, main !== null));
    const execPath = unit.kind === 'value' ? unit.value.service.execPath : null;
    const path = execPath ?? main?.exe?.path ?? 'jacod';
    const logged = runningVersion(process, journal, unit.kind === 'value' ? unit.value.service.invocation : null);
    io.phase('jacod --version');
    const installed = await installedVersion(path, signal);
    const running = logged.kind === 'unknown' && main !== null ? await versionOfFile(main, path, installed) : null;
    return value({ path, installed, running: running ?? logged });
  },
});

/** A stand-in has neither a binary nor a journal. */
function standInVersion(version: string, runs: boolean): JacodVersion {
  const installed: VersionOrReason = { kind: 'known', version, source: 'the release of the stand-in' };
  return { path: 'jacod', installed, running: runs ? installed : { kind: 'unknown', reason: 'no jacod is running' } };
}

async function installedVersion(path: string, signal: AbortSignal): Promise<VersionOrReason> {
  // A wrapper at this path might start something instead of printing a version.
  if (basename(path) !== 'jacod') return { kind: 'unknown', reason: `${path} is not named jacod, so it was not run` };
  const ended = await runChild([path, '--version'], { signal, maxBytes: 4096 });
  if (ended.kind === 'failed') return { kind: 'unknown', reason: ended.failure.detail };
  const output = ended.stdout.trim();
  if (ended.code === 0 && /^(v?\d+\.\d+\.\d+\S{0,64}|dev)$/.test(output))
    return { kind: 'known', version: output, source: `${path} --version` };
  return { kind: 'unknown', reason: childFailure(`${path} --version`, ended, { kind: 'again' }).failure.detail };
}

/**
 * Without its first line in the journal, a process runs the release of the file from which it was started, if that
 * still exists.
 */
async function versionOfFile(
  { pid, exe }: Jacod,
  path: string,
  installed: VersionOrReason,
): Promise<VersionOrReason | null> {
  if (installed.kind === 'unknown' || exe?.deleted !== false) return null;
  if ((await isSameFile(`/proc/${pid}/exe`, path)) !== true) return null;
  return { kind: 'known', version: installed.version, source: `it runs from ${path}` };
}

/** The daemon logs its version in its first line. Only the line of this process counts. */
function runningVersion(
  process: Outcome<JacodProcess>,
  journal: Outcome<Journal>,
  invocation: string | null,
): VersionOrReason {
  const main = process.kind === 'value' ? process.value.main : null;
  if (process.kind === 'value' && main === null) return { kind: 'unknown', reason: 'no jacod is running' };
  if (journal.kind === 'failed') return { kind: 'unknown', reason: journal.failure.detail };
  if (journal.kind === 'not-applicable') return { kind: 'unknown', reason: journal.reason };
  const line = journal.value.entries.findLast(
    (entry) =>
      entry.message === 'starting' &&
      entry.subsystem === 'jacod' &&
      (entry.pid === main?.pid || (invocation !== null && entry.invocation === invocation)),
  );
  const version = line?.fields['VERSION'];
  if (version !== undefined) return { kind: 'known', version, source: 'its first line in the journal' };
  return { kind: 'unknown', reason: 'the journal does not have the first line of the running process' };
}
