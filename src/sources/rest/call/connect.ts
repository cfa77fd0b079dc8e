import type { SourceDescription, SourceServices } from '../../source.ts';
import type { RestDefinition } from '../definition.ts';
import { type RestConnection, RestSourceConnection } from './rest-connection.ts';

/** Makes a REST source callable. Nothing is sent: a dead upstream connects like a live one. */
export function connectRest(
  definition: RestDefinition,
  description: SourceDescription,
  services: SourceServices,
): RestConnection {
  return new RestSourceConnection(definition, description, services);
}
