import type { SourceKind } from '../source.ts';
import { connectRest } from './call/index.ts';
import type { RestDefinition, RestInput } from './definition.ts';
import { readRestDefinition } from './document/index.ts';
import { describeRest } from './mapping/index.ts';

/** REST APIs, by their OpenAPI document. */
export const restKind: SourceKind<RestInput, RestDefinition> = {
  name: 'REST',
  read: readRestDefinition,
  describe: describeRest,
  connect: connectRest,
};
