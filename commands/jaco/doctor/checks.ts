import { checksCommand } from '../../../src/cli/checks-command.ts';

export default checksCommand(
  async () => (await import('../../../src/cli/jaco/product-run.ts')).productRun.product,
  async () => {
    const { releaseData } = await import('../../../src/catalog/generated/releases.ts');
    return { knownIssues: releaseData.issues.filter(({ kind }) => kind === 'recognised') };
  },
);
