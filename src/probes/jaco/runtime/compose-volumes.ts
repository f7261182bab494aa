import { clean } from '../../../engine/text.ts';

/** A volume that an applied compose file declares at its top level. */
export type ComposeVolume = {
  readonly key: string;
  /** It was created outside of the deployment, and may be shared on purpose. */
  readonly external: boolean;
  /** The Docker name that the file requests; null for none. */
  readonly name: string | null;
};

const MAX_VOLUMES = 200;

/** Parses the volumes of a compose file. */
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
