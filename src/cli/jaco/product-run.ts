import { jaco } from '../../../checks/jaco.ts';
import type { ProductRun } from '../run-doctor.ts';
import type { JacoFlags } from './flags.ts';
import { planOf } from './plan.ts';

/**
 * A run of this product's checks. The commands load all of it in one module, because each further file makes the start
 * slower.
 */
export const productRun: ProductRun<JacoFlags> = { product: jaco, planOf };
