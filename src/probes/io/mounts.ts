import { readText } from './files.ts';

/** One line of a mountinfo file. */
export type Mount = {
  readonly device: string;
  readonly root: string;
  readonly point: string;
  readonly readOnly: boolean;
};

/** The mounts of a process; null if they cannot be read. */
export async function readMounts(pid: number | 'self'): Promise<readonly Mount[] | null> {
  const read = await readText(`/proc/${pid}/mountinfo`);
  return read.kind === 'text' ? parseMounts(read.text) : null;
}

/** Parses a mountinfo file. */
export function parseMounts(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line) => {
    const [, , device, root, point, options] = line.split(' ');
    if (device === undefined || root === undefined || point === undefined || options === undefined) return [];
    return [{ device, root: unquote(root), point: unquote(point), readOnly: options.split(',').includes('ro') }];
  });
}

/** The mount of a path: the last one with the longest mount point above it, which covers earlier ones. */
export function mountOf(mounts: readonly Mount[], path: string): Mount | null {
  let covering: Mount | null = null;
  for (const mount of mounts)
    if (isUnder(path, mount.point) && (covering === null || mount.point.length >= covering.point.length))
      covering = mount;
  return covering;
}

/** Device and path on it, to compare how two processes see one path. */
export function devicePath(mounts: readonly Mount[], path: string): string | null {
  const mount = mountOf(mounts, path);
  if (mount === null) return null;
  const below = path.slice(mount.point === '/' ? 0 : mount.point.length);
  return `${mount.device}${mount.root === '/' ? '' : mount.root}${below}`;
}

/** Whether a path is a folder or is inside it. Both are absolute, without `..`. */
export function isUnder(path: string, folder: string): boolean {
  return folder === '/' || path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/** The kernel writes blanks, tabs, newlines and backslashes in octal. */
function unquote(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
