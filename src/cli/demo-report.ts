import { nearNames } from '../catalog/near.ts';
import type { Product } from '../engine/product.ts';
import { human } from '../report/formats/human/human.ts';
import type { Report } from '../report/report.ts';
import { wrap } from '../report/wrap.ts';
import { writeStdout } from './stdout.ts';
import { chalkFor, coloured, widthOf } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** The fault that a user named, or the one that is shown where none was. Throws {@link UsageError} for a name there is none of. */
export function faultNamed(words: readonly string[], names: readonly string[], shown: string): string {
  const [name = shown, ...more] = words;
  if (more.length > 0) throw new UsageError(`demo: one fault at a time, not "${words.join(' ')}"`);
  if (names.includes(name)) return name;
  const [near] = nearNames(name, names);
  const hint = near === undefined ? '' : `did you mean ${near}? `;
  throw new UsageError(`demo: no fault "${name}"; ${hint}demo without a name lists all ${names.length} at its end`);
}

/** What the system says where a folder or a file cannot be made, or not be filled. */
const NO_ROOM = ['ENOSPC', 'EDQUOT', 'EROFS', 'EFBIG'];

/** Runs a demo. Throws {@link UsageError} where the host gives its files no room, which is no bug. */
export async function givenRoom<T>(demo: () => Promise<T>): Promise<T> {
  return demo().catch((error: NodeJS.ErrnoException) => {
    if (error.syscall !== 'mkdtemp' && !NO_ROOM.includes(error.code ?? '')) throw error;
    throw new UsageError(`demo: no room for its files: ${error.message}. Name another folder in TMPDIR`);
  });
}

/** Prints what the doctor made of a fault. The exit code is 0 where it was right, 70 where it was not. */
export async function showDemo(
  report: Report,
  about: {
    readonly name: string;
    readonly title: string;
    readonly product: Product;
    readonly right: boolean;
    readonly expected: string;
    readonly names: readonly string[];
    readonly flags: { readonly verbose: boolean; readonly 'no-color': boolean };
  },
): Promise<void> {
  const { name, title, product, right, expected, names, flags } = about;
  const width = widthOf(process.stdout, process.env);
  const colour = chalkFor(coloured(flags['no-color'] ? 'never' : 'auto', process.stdout, process.env));
  process.exitCode = right ? 0 : 70;
  const text = [
    ...wrap(`demo ${name}: ${title}.`, width),
    '',
    human(report, { width, colour, verbose: flags.verbose, headerFields: product.headerFields }).trimEnd(),
    '',
    ...(right ? [] : [`The doctor should have said ${expected} first, and did not: please report this.`]),
    ...wrap(`other faults: ${names.filter((other) => other !== name).join(' ')}`, width).map((line) =>
      colour.dim(line),
    ),
  ].join('\n');
  await writeStdout(`${text}\n`, 2_000);
}
