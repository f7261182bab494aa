import { checkText } from './check-description.ts';
import { type ExplainLook, explainEntry, explainTopic } from './explain-entry.ts';
import type { Explanation, Guess } from './explanation.ts';
import { issueList, issueText } from './releases-text.ts';
import { fit, shellLine } from './wrap.ts';

/** The layout of an explanation. Lists may be wider than texts: on a pipe no line is cut. */
type Look = ExplainLook & { readonly listWidth: number };

/** An explanation as text for a person. */
export function explanationText(explanation: Explanation, look: Look): string {
  switch (explanation.kind) {
    case 'ids': {
      const { entries, more, unrecognised } = explanation;
      return [
        ...entries.map((entry) => explainEntry(entry, look)),
        ...(more.length > 0 ? [`also in the text: ${more.join(', ')}\n`] : []),
        ...(unrecognised.length > 0 ? [`not in the catalogue: ${unrecognised.join(', ')}\n`] : []),
      ].join('\n');
    }
    case 'topics':
      return explanation.topics.map((topic) => explainTopic(topic, look)).join('\n');
    case 'checks':
      return `${explanation.checks.map((check) => checkText(check, look)).join('\n\n')}\n`;
    case 'issues': {
      const { issues, known } = explanation;
      const [only] = issues.length === 1 ? issues : [];
      return only === undefined ? issueList(issues, { ...look, width: look.listWidth }) : issueText(only, known, look);
    }
    case 'guesses': {
      const [only] = explanation.guesses.length === 1 ? explanation.guesses : [];
      return [
        look.colour.bold(`No sure match. ${only ? 'The closest one' : 'The closest ones, best first'}:`),
        ...rows(explanation.guesses, look),
        `To read one: ${shellLine([...look.command, 'explain'])} NAME`,
        '',
      ].join('\n');
    }
    case 'all':
      return [
        look.colour.bold(`${shellLine([...look.command, 'explain'])} ID, CHECK, GROUP or words explains one of:`),
        ...rows(explanation.ids, look),
        '',
      ].join('\n');
  }
}

/** A name and its title on each line. */
function rows(guesses: readonly Guess[], { listWidth }: Look): string[] {
  const longest = Math.max(...guesses.map(({ name }) => name.length));
  return guesses.map(({ name, title }) => fit(`${name.padEnd(longest)}  ${title}`, listWidth));
}
