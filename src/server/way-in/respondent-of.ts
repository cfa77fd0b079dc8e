import type { RequestHeaders } from '../../access/index.ts';
import { WeirError } from '../../errors/index.ts';
import type { OpenPrompt } from '../prompts/prompts.ts';
import type { AskedChat } from './asked-chat.ts';
import { promptRespondent } from './prompt-respondent.ts';
import type { Respondent } from './respondent.ts';
import type { ModelServices } from './services.ts';
import type { WayIn } from './way-in.ts';

/** `prompt/<name>` in place of a model. */
const PROMPT_PREFIX = 'prompt/';

/** Who answers under the name that a chat request gives: a prompt, or else the model that `ofModel` finds. */
export function respondentOf(
  chat: AskedChat,
  wayIn: WayIn,
  headers: RequestHeaders,
  services: ModelServices,
  ofModel: () => Respondent,
): Respondent {
  wayIn.asked = chat.model;
  if (!chat.model.startsWith(PROMPT_PREFIX)) return ofModel();
  return promptRespondent(openPrompt(chat.model.slice(PROMPT_PREFIX.length), wayIn, headers, services), chat);
}

/** One that is not there, or not for this caller, is a model that is not there. */
function openPrompt(name: string, wayIn: WayIn, headers: RequestHeaders, services: ModelServices): OpenPrompt {
  try {
    return services.prompts.open(name, wayIn, services.forwardable(headers));
  } catch (error: unknown) {
    if (!(error instanceof WeirError) || error.code !== 'NOT_FOUND') throw error;
    throw new WeirError('NOT_FOUND', error.message, { ...error.details, param: 'model' });
  }
}
