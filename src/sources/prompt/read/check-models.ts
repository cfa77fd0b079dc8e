import type { Problem } from '../../../errors/index.ts';
import type { ModelParameters, Models, ModelTarget } from '../../../models/index.ts';

const MAX_MODELS = 10;
const PLACE = 'input.prompt.models';

export interface CheckedModels {
  readonly targets: readonly ModelTarget[];
  readonly problems: readonly Problem[];
}

/** What a prompt asks of each of its models. */
export interface AskedOfModels {
  readonly parameters: ModelParameters;
  readonly images: boolean;
}

/** The models of a prompt: of registered providers, and each declared there or in the catalogue, as a slip would fail every call. */
export function checkModels(names: readonly string[], asked: AskedOfModels, models: Models): CheckedModels {
  const targets: ModelTarget[] = [];
  const problems: Problem[] = [];
  if (names.length === 0 || names.length > MAX_MODELS) {
    problems.push({ path: PLACE, message: `Expected 1 to ${MAX_MODELS} models; got ${names.length}.` });
  }
  for (const [index, name] of names.slice(0, MAX_MODELS).entries()) {
    const path = `${PLACE}.${index}`;
    const target = targetOf(name);
    const got = JSON.stringify(name.slice(0, 200));
    if (target === undefined) {
      problems.push({ path, message: `Expected provider/model; got ${got}.` });
      continue;
    }
    if (names.indexOf(name) < index) problems.push({ path, message: `Expected each model once; ${got} came twice.` });
    if (!models.hasProvider(target.provider)) {
      const message = `Expected a model of a registered provider; there is no provider ${JSON.stringify(target.provider)}.`;
      problems.push({ path, message });
    } else if (!models.knows(target)) {
      const message = `Expected a model that is known; ${got} is not in the catalogue. Declare it in the provider's models.`;
      problems.push({ path, message });
    }
    problems.push(...checkAbilities(target, asked, models).map((message) => ({ path, message })));
    targets.push(target);
  }
  return { targets, problems };
}

/** A model that cannot do what the prompt asks would fail every call of it. */
function checkAbilities(target: ModelTarget, { parameters, images }: AskedOfModels, models: Models): readonly string[] {
  const name = `${target.provider}/${target.model}`;
  const unsupported = models.unsupported(target, { messages: [], parameters });
  const inputs = models.describe(target)?.inputs;
  return [
    ...unsupported.map((parameter) => `Expected a model that takes ${parameter}; ${name} does not.`),
    ...(images && inputs?.includes('image') === false ? [`Expected a model that takes images; ${name} does not.`] : []),
  ];
}

/** `provider/model`: the model's own name may have slashes in it. */
export function targetOf(name: string): ModelTarget | undefined {
  const slash = name.indexOf('/');
  if (slash <= 0 || slash === name.length - 1 || /\s/.test(name)) return undefined;
  return { provider: name.slice(0, slash), model: name.slice(slash + 1) };
}
