/** GraphQL clients send null for what they leave out; inside, what is left out is not there. */
export function given<T>(value: T | null | undefined): T | undefined {
  return value ?? undefined;
}

/** The object without the fields that are null or undefined. */
export function onlyGiven<T extends object>(object: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null && value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
