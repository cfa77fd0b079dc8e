export { RequestRefused } from '../../shared/refused.ts';
export { DriftError } from './answer/drift.ts';
export { connectRest } from './connect.ts';
export type { RestConnection } from './rest-connection.ts';
