import { jacqos } from '../../../checks/jacqos.ts';
import type { ProductRun } from '../run-doctor.ts';
import type { JacqosFlags } from './flags.ts';
import { planOf } from './plan.ts';

/**
 * A run of this product's checks. The commands load all of it in one module, because each further file makes the start
 * slower.
 */
export const productRun: ProductRun<JacqosFlags> = { product: jacqos, planOf };
