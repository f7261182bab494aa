/** Plain JSON: what every fact, recording and report is made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
