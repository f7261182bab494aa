import { fileURLToPath } from 'node:url';
import { invocationFor } from './cli/invocation.ts';
import { type PackageManifest, runBin } from './cli/run-bin.ts';

/**
 * A bin of the package: its name, the folder of its manifest from the package's root, and the folder of its commands
 * from there.
 */
export type InstalledBin = { readonly name: string; readonly manifest: string; readonly commands: string };

/** Runs a bin of the installed package, whose manifest and commands are files. */
export async function runInstalledBin(
  { name, manifest, commands }: InstalledBin,
  argv: readonly string[],
): Promise<void> {
  const root = fileURLToPath(new URL(`../${manifest}`, import.meta.url));
  const options = async ({ oclif, ...described }: PackageManifest) => ({
    root,
    pjson: { ...described, oclif: { ...oclif, commands: { ...oclif.commands, target: commands } } } as never,
  });
  await runBin({ name, invocation: invocationFor(name, process.env), options }, argv);
}
