import { clean } from '../../../engine/text.ts';

/** A volume that an applied compose file declares at its top level. */
export type ComposeVolume = {
  readonly key: string;
  /** It is made by somebody else, and may be shared on purpose. */
  readonly external: boolean;
  /** The name in Docker that the file asks for; null for none. */
  readonly name: string | null;
};

const MAX_VOLUMES = 200;

/** Reads the volumes of a parsed compose file. */
export function composeVolumes(file: unknown): readonly ComposeVolume[] {
  const volumes = treeOf(treeOf(file)['volumes']);
  return Object.entries(volumes)
    .slice(0, MAX_VOLUMES)
    .map(([key, given]) => {
      const { external, name } = treeOf(given);
      const isExternal = external !== undefined && external !== null && external !== false;
      return { key: clean(key, 253), external: isExternal, name: typeof name === 'string' ? clean(name, 253) : null };
    });
}

function treeOf(value: unknown): { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
