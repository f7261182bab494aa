import type { NextStep } from '../../engine/next-step.ts';
import { unrecognisedNote } from '../../engine/unrecognised-note.ts';
import type { CommandAnswer } from './run-jacqos.ts';

/** The result of one command's answer besides ids. */
export type CommandResult = {
  /** Null if the answer says that everything is healthy; else why that cannot be concluded. */
  readonly doubt: string | null;
  /** What would settle the doubt. */
  readonly next: NextStep;
  readonly evidence: readonly string[];
  /** Words that no page documents, if the doubt does not name them. */
  readonly notes: readonly string[];
};

/**
 * Reads the state words of an answer (docs/jacqos.md#conclusions). Few count as healthy, and none after a failed
 * command.
 */
export function commandResult({ code, end, cut, reading, said }: CommandAnswer, command: string): CommandResult {
  const { words, unrecognised, withheld, documents, present } = reading;
  const evidence = [
    ...(said === undefined || said === '' ? [] : [`${command} (${endOf(code)}): ${said}`]),
    ...words.map(({ key, word }) => `${key}: ${word}`),
  ];
  const otherWords = words.filter((word) => word.standing === 'other').map(({ key, word }) => `${key}: ${word}`);
  const doubt = ((): string | null => {
    const unknownWords = [
      ...unrecognised.map((word) => `"${word}"`),
      ...(withheld > 0 ? [`${withheld} that look like secrets`] : []),
    ];
    const unknownSuffix =
      unknownWords.length === 0 ? '' : `; it names ${unknownWords.join(', ')}, which no page documents`;
    if (end === 'limit') return `${command} did not end in time${unknownSuffix}`;
    if (end === 'endless') return `${command} printed without end and was ended${unknownSuffix}`;
    if (end === 'signal') return `${command} was ended by a signal${unknownSuffix}`;
    if (code !== 0)
      return `${command} ended with exit ${code}${present.length > 0 ? '' : ' and named no documented id'}${unknownSuffix}`;
    if (cut) return `${command} printed more than the doctor reads`;
    if (unknownWords.length > 0) return `${command} names ${unknownWords.join(', ')}, which no page documents`;
    if (documents.whole + documents.broken === 0) return `${command} answered without JSON`;
    if (documents.broken > 0) return `the JSON of ${command} is damaged`;
    if (otherWords.length > 0)
      return `${command} says ${otherWords.join(', ')}, which is not a documented healthy state`;
    if (!words.some((word) => word.standing === 'good')) return `${command} does not report a state`;
    return null;
  })();
  const isSignedOut = words.some(({ key, word }) => SIGNED_IN.test(key) && word === 'false');
  const hidden = [...otherWords, ...unrecognised].filter((word) => !SIGNED_OUT.test(word) && !doubt?.includes(word));
  return {
    doubt,
    next: isSignedOut
      ? SIGN_IN
      : otherWords.length + unrecognised.length > 0
        ? ASK
        : { kind: 'run', argv: command.split(' ') },
    evidence,
    notes:
      hidden.length === 0
        ? []
        : [unrecognisedNote(`${hidden.map((word) => `"${word}"`).join(', ')} of ${command}; no page documents it`)],
  };
}

const SIGNED_IN = /signed_?in$/i;
const SIGNED_OUT = /signed_?in: false$/i;
const SIGN_IN: NextStep = { kind: 'do', text: 'Sign in with jacqos cloud login, and run again.' };
const ASK: NextStep = {
  kind: 'do',
  text: 'Look for the word in JacqOS Studio, or ask JacqOS support: no page documents it.',
};

function endOf(code: number | null): string {
  return code === null ? 'ended by a signal' : `exit ${code}`;
}
