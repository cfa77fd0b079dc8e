import type { GraphQLSchema } from 'graphql';
import { diffSchemas, type SchemaChange } from './diff.ts';

/** Versions whose schema is kept for comparing. Schemas share unchanged types, so an old one is cheap. */
const KEPT = 50;

interface KeptVersion {
  readonly number: number;
  readonly schema: GraphQLSchema;
}

/** The schemas of the last versions, for "changes since". */
export class VersionHistory {
  readonly #kept: KeptVersion[] = [];
  /** Answers against the newest version, by older version's number. */
  readonly #answers = new Map<number, Promise<readonly SchemaChange[]>>();

  /** Takes only the schema, so that an old version's connections are not kept with it. */
  add(number: number, schema: GraphQLSchema): void {
    this.#kept.push({ number, schema });
    if (this.#kept.length > KEPT) this.#kept.shift();
    this.#answers.clear();
  }

  /** Undefined when the version is unknown or no longer kept. */
  async changesSince(number: number): Promise<readonly SchemaChange[] | undefined> {
    const newest = this.#kept.at(-1);
    const then = this.#kept.find((version) => version.number === number);
    if (newest === undefined || then === undefined) return undefined;
    let answer = this.#answers.get(number);
    if (answer === undefined) {
      answer = diffSchemas(then.schema, newest.schema);
      this.#answers.set(number, answer);
    }
    return answer;
  }
}
