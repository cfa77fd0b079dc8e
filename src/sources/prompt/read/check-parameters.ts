import type { Problem } from '../../../errors/index.ts';
import type { ModelParameters } from '../../../models/index.ts';

/** Inclusive: what at least one vendor takes. */
const RANGES = {
  temperature: [0, 2],
  topP: [0, 1],
  presencePenalty: [-2, 2],
  frequencyPenalty: [-2, 2],
} as const;
const INTEGERS = {
  topK: [1, 1_000],
  maxOutputTokens: [1, 1_000_000],
  seed: [-(2 ** 31), 2 ** 31 - 1],
} as const;
const MAX_STOPS = 8;
const MAX_STOP_LENGTH = 100;

export function checkParameters(parameters: ModelParameters): Problem[] {
  const place = 'input.prompt.parameters';
  const problems: Problem[] = [];
  const check = (
    name: keyof typeof RANGES | keyof typeof INTEGERS,
    [least, most]: readonly number[],
    whole: boolean,
  ) => {
    const value = parameters[name];
    if (value === undefined || least === undefined || most === undefined) return;
    if (value >= least && value <= most && (!whole || Number.isInteger(value))) return;
    const kind = whole ? 'an integer' : 'a number';
    problems.push({ path: `${place}.${name}`, message: `Expected ${kind} from ${least} to ${most}; got ${value}.` });
  };
  for (const name of ['temperature', 'topP', 'presencePenalty', 'frequencyPenalty'] as const) {
    check(name, RANGES[name], false);
  }
  for (const name of ['topK', 'maxOutputTokens', 'seed'] as const) check(name, INTEGERS[name], true);
  const stop = parameters.stop ?? [];
  if (stop.length > MAX_STOPS) {
    problems.push({ path: `${place}.stop`, message: `Expected at most ${MAX_STOPS} texts; got ${stop.length}.` });
  }
  for (const [index, text] of stop.entries()) {
    if (text.length > 0 && text.length <= MAX_STOP_LENGTH) continue;
    const message = `Expected 1 to ${MAX_STOP_LENGTH} characters; got ${text.length}.`;
    problems.push({ path: `${place}.stop.${index}`, message });
  }
  return problems;
}
