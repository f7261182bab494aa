// generated from src/catalog/jaco/*.yaml, src/catalog/jacqos/*.yaml by scripts/compile-catalog.js
/** The products that have a catalogue. */
export const productNames = ['jaco', 'jacqos'] as const;

export type ProductName = (typeof productNames)[number];

/** Loads the catalogue of each product. The texts are large, so they are read only if one of them is shown. */
export const catalogs = {
  jaco: () => import('./jaco.ts'),
  jacqos: () => import('./jacqos.ts'),
};

/** Loads the search index of each product. */
export const searchIndexes = {
  jaco: () => import('./search-jaco.ts'),
  jacqos: () => import('./search-jacqos.ts'),
};
