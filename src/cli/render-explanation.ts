import { explanationText } from '../report/explanation-text.ts';
import { type ExplainableProduct, explain } from './explain.ts';
import { invocationOf } from './invocation.ts';
import type { ListFlags } from './list-flags.ts';
import { chalkFor, hasColour, listLayout, widthOf } from './terminal.ts';

/** The document of `explain`. Throws a UsageError if nothing matches the words. */
export async function renderExplanation(
  product: ExplainableProduct,
  words: readonly string[],
  { format, 'no-color': noColour }: ListFlags,
): Promise<string> {
  const explanation = await explain(product, words);
  if (format === 'json')
    return `${JSON.stringify({ schema: 'doctor-explain/1', product: product.name, ...explanation }, null, 2)}\n`;
  return explanationText(explanation, {
    width: widthOf(process.stdout, process.env),
    listWidth: listLayout(noColour, process.stdout, process.env).width,
    colour: chalkFor(hasColour(noColour ? 'never' : 'auto', process.stdout, process.env)),
    command: invocationOf(product),
  });
}
