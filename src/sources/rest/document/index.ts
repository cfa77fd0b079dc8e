export { readRestDefinition } from './read.ts';
