/** A schema with every part of the type system in it. */
export const LIBRARY_SDL = `
  "When, as text."
  scalar DateTime
  scalar JSON
  "An amount, in any form."
  scalar Money @specifiedBy(url: "https://money.example/spec")

  "How a thing is bound."
  enum Binding { HARD SOFT "Held by a thread." LOOSE @deprecated(reason: "fell apart") }

  interface Node { id: ID! }
  interface Titled implements Node { id: ID! title(upper: Boolean = false): String! subtitle: String }

  type Book implements Node & Titled {
    id: ID!
    title(upper: Boolean = false): String!
    subtitle: String @deprecated(reason: "use title")
    binding: Binding!
    bindings: [Binding!]!
    pages: Int
    weight: Float!
    printedAt: DateTime
    price(in: String! = "EUR"): Money
    extras: JSON
    author: Person!
    coAuthors(first: Int = 2, filter: PersonFilter): [Person]!
    shelves: [[Shelf!]]
    related(limit: Int): [Thing!]
    parent: Node
  }
  type Magazine implements Node & Titled {
    id: ID!
    title(upper: Boolean = false): String!
    subtitle: String
    issue: Int!
    editor: Person
    stories: [Titled!]
  }
  type Person implements Node { id: ID! name: String! born: DateTime books(page: Page = { size: 2 }): [Book!]! favourite: Thing friends: [Person] }
  type Shelf { number: Int! holds: [Thing]! keeper: Person query: Query }
  union Thing = Book | Magazine | Person | Shelf

  input Page { size: Int = 3 after: ID }
  input PersonFilter { name: String bornAfter: DateTime bindings: [Binding!] = [HARD] not: PersonFilter extras: JSON limit: Money }
  input Locator @oneOf { id: ID isbn: String at: Position }
  input Position { shelf: Int! place: Int = 1 }

  type Query {
    book(id: ID!): Book
    find(key: Locator!): Thing
    search(text: String!, filter: PersonFilter, bindings: [Binding!] = [HARD, SOFT], page: Page): [Thing!]
    node(id: ID!): Node
    titled(ids: [ID!]!): [Titled]
    count(of: JSON): Int
    now: DateTime
    binding(of: Binding = SOFT): Binding
    shelves(rows: [[Int!]]): [Shelf!]
    old: String @deprecated(reason: "older than new")
  }
  type Mutation {
    lend(id: ID!, to: PersonFilter): Book
    move(to: Position!): Shelf
    search(text: String!): [Thing!]
  }
  type Subscription { lent: Book }
`;

/** A schema of more than `entities` * 5 types that lead to each other in all directions. */
export function largeSdl(entities: number): string {
  const parts = ['scalar DateTime', 'interface Node { id: ID! }'];
  const roots: string[] = [];
  for (let n = 0; n < entities; n++) {
    const next = (n * 7 + 1) % entities;
    const other = (n * 13 + 5) % entities;
    parts.push(
      `interface Named${n} implements Node { id: ID! name(length: Int = ${n}): String! }`,
      `"Entity number ${n}." type Entity${n} implements Node & Named${n} { id: ID! name(length: Int = ${n}): String! at: DateTime state: State${n}! next(filter: Filter${n}): Entity${next} others(first: Int): [Entity${other}!] any: Any${n} detail: Detail${n} }`,
      `type Detail${n} { text: String numbers: [Int!]! of: Entity${n} named: Named${next} }`,
      `enum State${n} { OPEN_${n} CLOSED_${n} }`,
      `union Any${n} = Entity${n} | Detail${n} | Entity${other}`,
      `input Filter${n} { state: State${n} text: String below: Filter${next} }`,
    );
    roots.push(`entity${n}(id: ID!, filter: Filter${n}): Entity${n}`);
    if (n % 5 === 0) roots.push(`any${n}(states: [State${n}!]): [Any${n}]`);
  }
  return [...parts, `type Query { node(id: ID!): Node ${roots.join(' ')} }`].join('\n');
}
