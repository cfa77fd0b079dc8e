import { Field, InputType, Int } from 'type-graphql';
import { PaginationStyle, type ValueOf } from '../enums.ts';

@InputType({
  description:
    'How an operation hands out a list page by page. Its field becomes a connection with first and after. Arguments and paths are in names of the graph.',
})
export class PaginationInput {
  @Field(() => PaginationStyle, { description: 'How the upstream is told which page is wanted.' })
  style!: ValueOf<typeof PaginationStyle>;

  @Field(() => String, {
    defaultValue: '',
    description: 'Path inside the answer to the list, such as `data.items`; empty when the answer is the list.',
  })
  items!: string;

  @Field(() => String, { nullable: true, description: 'PAGE: the argument that takes the number of a page.' })
  pageArgument?: string | null;

  @Field(() => String, { nullable: true, description: 'OFFSET: the argument that takes how many items to skip.' })
  offsetArgument?: string | null;

  @Field(() => String, { nullable: true, description: 'CURSOR: the argument that takes the cursor of a page.' })
  cursorArgument?: string | null;

  @Field(() => String, { nullable: true, description: 'The argument that takes how many items a page shall have.' })
  sizeArgument?: string | null;

  @Field(() => Int, { nullable: true, description: 'PAGE: the number of the first page, 0 or 1. Default 1.' })
  firstPage?: number | null;

  @Field(() => Int, {
    description: "Items in a page: what sizeArgument is given; without it, what the upstream's pages have.",
  })
  pageSize!: number;

  @Field(() => String, {
    nullable: true,
    description: 'CURSOR: path inside the answer to the cursor of the next page; there is none when it is empty.',
  })
  nextCursor?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'LINK: path inside the answer to the address of the next page, such as `links.next`. Default: it is in the `Link` header.',
  })
  nextLink?: string | null;

  @Field(() => String, { nullable: true, description: 'Path inside the answer to the number of items on all pages.' })
  total?: string | null;

  @Field(() => Int, { nullable: true, description: 'Pages fetched at most for one field. Default 20.' })
  maxPages?: number | null;
}
