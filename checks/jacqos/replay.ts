import { namedIdsCheck } from './factories/named-ids-check.ts';

export default namedIdsCheck({
  name: 'replay',
  group: 'replay',
  title: 'exports and replays match',
  finds: ['runtime_export_quota_exceeded', 'empty_lineage_not_found', 'export_digest_drift', 'replay_export_mismatch'],
  otherwise: 'only an export or a replay shows it: give its output with --from',
});
