/**
 * The facts about the examined host that the header and the advice need. Each product has one derived fact of this
 * shape, which never refuses: what could not be determined is null or left out.
 */
export type Situation = {
  readonly host: string;
  /** For a host that was asked over the network: its address, and whether its identity was verified. */
  readonly via: string | null;
  /** Whether the doctor ran as root; null if that is not known. */
  readonly asRoot: boolean | null;
  /** Version of the product's running process. */
  readonly version: string | null;
  /** The leader, as the header shows it. */
  readonly leader: string | null;
  /** Why the header names no leader; null if it names one, or if there is no cluster to have one. */
  readonly leaderless: string | null;
  /** Nodes whose stop would leave the cluster without a leader; empty if there are none, or if that is not known. */
  readonly needed: readonly string[];
  /** The values of the placeholders in the catalogue's steps for this host. */
  readonly values: { readonly [placeholder: string]: string | null };
  /** Those of `values` that are only defaults, because the host that they are about was not seen. */
  readonly assumed: readonly string[];
  /** The conditions of the catalogue's steps that are known to hold. */
  readonly holds: readonly string[];
  /**
   * The product's releases, newest first, and whether the running version includes each; empty for a product without
   * releases. `unknown`: not known for this release.
   */
  readonly releases: readonly { readonly tag: string; readonly included: 'yes' | 'no' | 'unknown' }[];
  /** Why destructive steps are withheld; null if they may be printed. */
  readonly withhold: string | null;
  /** Why there is nothing of the product to examine; null if there is something. */
  readonly nothingHere: string | null;
};
