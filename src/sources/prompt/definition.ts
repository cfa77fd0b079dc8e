import type { ModelParameters, ModelTarget } from '../../models/index.ts';

/** Registration input of a prompt, as `PromptSourceInput` of the admin API gives it. */
export interface PromptInput {
  /**
   * Logic-less (mustache): what the model is told to do, as the system message. `{{name}}` stands for a mention of the
   * variable, never for its value; a section is there when its variable has a value.
   */
  readonly template: string;
  readonly variables: readonly PromptVariable[];
  /** SDL of the enums that variables name. */
  readonly types?: string;
  /** SDL of the object type that the model answers with, first, and of the types in it. Default: plain text. */
  readonly output?: string;
  /** `provider/model`; the first is the primary, the others are its backups in order. */
  readonly models: readonly string[];
  readonly parameters?: ModelParameters;
  readonly examples?: readonly PromptExample[];
  /** The field takes the messages of the conversation so far. Default: false. */
  readonly history?: boolean;
}

export interface PromptVariable {
  readonly name: string;
  /** As GraphQL writes it: `String!`, `[Int!]`, an enum, `File`, `Image`. */
  readonly type: string;
  readonly description?: string;
  /** Characters of a text, items of a list. */
  readonly maxLength?: number;
  readonly default?: unknown;
}

/** What the model should make of some variables. */
export interface PromptExample {
  readonly variables: Readonly<Record<string, unknown>>;
  /** An object of the output type, or text. */
  readonly output: unknown;
}

/** What `read` makes of it: complete and plain JSON. A prompt has no secrets: providers have. */
export interface PromptDefinition {
  readonly template: string;
  readonly variables: readonly PromptVariable[];
  readonly types: string | undefined;
  readonly output: string | undefined;
  readonly models: readonly ModelTarget[];
  readonly parameters: ModelParameters;
  readonly examples: readonly PromptExample[];
  readonly history: boolean;
}
