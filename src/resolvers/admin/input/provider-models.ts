import type { Problem } from '../../../errors/index.ts';
import type { DeclaredModel } from '../../../models/index.ts';
import type { ModelPricesInput, ProviderModelInput } from '../../../schema/admin/index.ts';
import { onlyGiven } from './given.ts';

const MOST_MODELS = 1_000;
const MOST_INPUTS = 16;
/** USD for a million tokens: far above any price there is. */
const HIGHEST_PRICE = 1_000_000;

/** Names of models have slashes, colons and the like in them; spaces and what cannot be seen are slips. */
const MODEL_NAME = /^[\x21-\x7e]{1,200}$/;
const INPUT_NAME = /^[a-z]{1,20}$/;

/** The models of an account; what is wrong with them is added to `problems`. */
export function readProviderModels(
  inputs: readonly ProviderModelInput[],
  problems: Problem[],
): readonly DeclaredModel[] {
  if (inputs.length > MOST_MODELS) {
    problems.push({ path: 'input.models', message: `Expected at most ${MOST_MODELS}; got ${inputs.length}.` });
    return [];
  }
  const seen = new Map<string, number>();
  return inputs.map((input, index) => {
    const path = `input.models.${index}`;
    const before = seen.get(input.name);
    if (before === undefined) seen.set(input.name, index);
    else
      problems.push({ path: `${path}.name`, message: `Expected each model once; got that of models.${before} again.` });
    return readModel(input, path, problems);
  });
}

function readModel(input: ProviderModelInput, path: string, problems: Problem[]): DeclaredModel {
  const { name, prices, ...others } = input;
  const given = onlyGiven(others);
  const add = (field: string, message: string): void => void problems.push({ path: `${path}.${field}`, message });
  for (const [field, value] of Object.entries({ name, baseModel: given.baseModel })) {
    if (value === undefined || MODEL_NAME.test(value)) continue;
    const came = JSON.stringify(value.slice(0, 250));
    add(field, `Expected 1 to 200 visible ASCII characters without spaces; got ${came}.`);
  }
  for (const field of ['contextTokens', 'maxOutputTokens'] as const) {
    const value = given[field];
    if (value !== undefined && value < 1) add(field, `Expected a number from 1 up; got ${value}.`);
  }
  const inputs = given.inputs ?? [];
  if (inputs.length > MOST_INPUTS) add('inputs', `Expected at most ${MOST_INPUTS}; got ${inputs.length}.`);
  for (const [index, word] of inputs.slice(0, MOST_INPUTS).entries()) {
    if (INPUT_NAME.test(word)) continue;
    add(`inputs.${index}`, `Expected a word such as text or image; got ${JSON.stringify(word.slice(0, 50))}.`);
  }
  if (!prices) return { name, ...given };
  checkPrices(prices, add);
  const { input: inputPrice, output, ...optional } = prices;
  return { name, ...given, prices: { input: inputPrice, output, ...onlyGiven(optional) } };
}

function checkPrices(prices: ModelPricesInput, add: (field: string, message: string) => void): void {
  for (const [field, price] of Object.entries(onlyGiven(prices))) {
    if (price >= 0 && price <= HIGHEST_PRICE) continue;
    add(`prices.${field}`, `Expected USD for a million tokens, from 0 to ${HIGHEST_PRICE}; got ${price}.`);
  }
}
