import { namedIdsCheck } from './factories/named-ids-check.ts';

export default namedIdsCheck({
  name: 'append',
  group: 'append',
  title: 'appends are accepted',
  finds: [
    'hosted_projection_stale',
    'append_policy_denied',
    'runtime_observation_quota_exceeded',
    'idempotency_conflict',
  ],
  otherwise: 'only an append shows it: give its output with --from',
});
