/**
 * What the header and the advice need to know of the host a run was made on. Each product has one derived fact of this
 * shape, which never refuses: what could not be learnt is null or left out.
 */
export type Situation = {
  readonly host: string;
  /** How it was reached, where not from itself: the address, and whether it proved who it is. */
  readonly via: string | null;
  /** Version of the product's running process. */
  readonly version: string | null;
  /** Who leads, as the header says it. */
  readonly leader: string | null;
  /** What the placeholders of the catalogue's steps stand for here. */
  readonly values: { readonly [placeholder: string]: string | null };
  /** Those of `values` that are only the usual ones: the host they are about was not seen. */
  readonly assumed: readonly string[];
  /** The conditions of the catalogue's steps that are known to hold. */
  readonly holds: readonly string[];
  /**
   * The product's releases, newest first, and whether what runs holds what each brought; empty for a product without releases.
   * `unknown`: not known for this one.
   */
  readonly releases: readonly { readonly tag: string; readonly held: 'yes' | 'no' | 'unknown' }[];
  /** Why no destructive step may be printed, or null where one may. */
  readonly withhold: string | null;
  /** Why there is nothing of the product here to examine, or null where there is something. */
  readonly nothingHere: string | null;
};
