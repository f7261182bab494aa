import type { Product } from '../src/engine/product.ts';
import { jaco } from './jaco.ts';
import { jacqos } from './jacqos.ts';

/** Everything this program examines. Read the order of one product to know what its doctor does. */
export const products: { readonly [name in Product['name']]: Product } = { jaco, jacqos };
