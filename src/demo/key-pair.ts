/** A certificate and its key, both PEM. */
export type KeyPair = { readonly cert: string; readonly key: string };
