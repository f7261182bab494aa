import pjson from '../../package.json' with { type: 'json' };

/** This program's name and version, as the reports and recordings of a product carry them. */
export function toolOf({ bin }: { readonly bin: string }): { readonly name: string; readonly version: string } {
  return { name: bin, version: pjson.version };
}
