import { namedIdsCheck } from './factories/named-ids-check.ts';

export default namedIdsCheck({
  name: 'hosted-effects',
  group: 'effects',
  title: 'no hosted effect failed or is waiting for a decision',
  finds: ['hosted_effect_failure', 'manual_reconcile_required'],
  otherwise: 'nothing that was read names an effect; Studio shows effects in Activity',
});
