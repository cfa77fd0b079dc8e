/** Definitions that the test kind reads. */
export const PETS = 'type Query { pet: String dog: String } type Mutation { adopt: String }';
/** Takes Query.dog away. */
export const PETS_WITHOUT_DOG = 'type Query { pet: String } type Mutation { adopt: String }';
/** Adds Query.cat. */
export const PETS_WITH_CAT = 'type Query { pet: String dog: String cat: String } type Mutation { adopt: String }';

export const rest = (document: string, more: object = {}) => ({ rest: { document, ...more } });
