export { DriftError } from './answer/drift.ts';
export { connectRest } from './connect.ts';
export { RequestRefused } from './request/refused.ts';
export type { RestConnection } from './rest-connection.ts';
