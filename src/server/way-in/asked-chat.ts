import type { ModelRequest } from '../../models/index.ts';

/** What a client asks of a model or a prompt, whichever format it wrote that in. */
export interface AskedChat {
  /** As the client wrote it: `provider/model` or `prompt/<name>`. */
  readonly model: string;
  readonly request: ModelRequest;
  readonly stream: boolean;
  /** Parameters that a prompt settles itself, by the names that they have in this format. */
  readonly given: readonly string[];
  /** Where each of the messages stands in the request. Default: `messages[0]`, `messages[1]` ... */
  readonly places?: readonly string[];
}
