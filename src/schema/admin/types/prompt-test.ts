import { Field, Float, Int, ObjectType } from 'type-graphql';
import { Json } from '../scalars.ts';

@ObjectType({ description: 'A message as the model was given it.' })
export class PromptTestMessage {
  @Field(() => String, { description: '`system`, `user` or `assistant`.' })
  role!: string;

  @Field(() => String, { description: 'Its text.' })
  text!: string;

  @Field(() => Int, { description: 'Files that go along.' })
  files!: number;
}

@ObjectType({ description: 'Why there is no answer, as a client would be told.' })
export class PromptTestError {
  @Field(() => String, { description: 'One of the public codes.' })
  code!: string;

  @Field(() => String, { description: 'For people.' })
  message!: string;

  @Field(() => String, { nullable: true, description: 'For whoever owns the prompt: what was wrong in detail.' })
  detail!: string | null;
}

@ObjectType({ description: 'What a call took, attempts in vain included.' })
export class PromptTestFigures {
  @Field(() => String, { description: '`provider/model` of the last that was asked.' })
  model!: string;

  @Field(() => String, { nullable: true, description: 'Why it stopped.' })
  finishReason!: string | null;

  @Field(() => Int, { description: 'Times that a model was asked.' })
  calls!: number;

  @Field(() => Int, { description: 'Tokens that models were given.' })
  inputTokens!: number;

  @Field(() => Int, { description: 'Tokens that models wrote.' })
  outputTokens!: number;

  @Field(() => Int, { description: 'Those of inputTokens that the vendor had in its cache.' })
  cachedTokens!: number;

  @Field(() => Int, { description: 'Those of outputTokens that models used to think.' })
  reasoningTokens!: number;

  @Field(() => Float, { nullable: true, description: 'Null where a price is not known.' })
  costUsd!: number | null;
}

@ObjectType({ description: 'What came of testing a prompt.' })
export class PromptTest {
  @Field(() => [PromptTestMessage], { description: 'What the model was given.' })
  messages!: PromptTestMessage[];

  @Field(() => Json, { nullable: true, description: 'The text, or the object of the declared type.' })
  answer!: unknown;

  @Field(() => String, { description: 'How it was served: FRESH, BACKUP, FALLBACK or FAILED.' })
  outcome!: string;

  @Field(() => PromptTestError, { nullable: true, description: 'When it failed.' })
  error!: PromptTestError | null;

  @Field(() => PromptTestFigures, { nullable: true, description: 'Null when no model was asked.' })
  figures!: PromptTestFigures | null;

  @Field(() => Float, { description: 'Milliseconds that it took.' })
  durationMs!: number;
}
