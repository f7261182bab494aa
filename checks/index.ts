import type { Product } from '../src/engine/product.ts';
import { jaco } from './jaco.ts';
import { jacqos } from './jacqos.ts';

/** The products of this program. The order of a product shows what its doctor checks. */
export const products: { readonly [name in Product['name']]: Product } = { jaco, jacqos };
