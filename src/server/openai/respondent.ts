export type * from '../way-in/respondent.ts';
