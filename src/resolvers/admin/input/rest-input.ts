import type { Problem } from '../../../errors/index.ts';
import type { BatchInput, PaginationInput, RestSourceInput } from '../../../schema/admin/index.ts';
import type {
  OperationInput,
  BatchInput as RestBatch,
  RestInput,
  PaginationInput as RestPagination,
} from '../../../sources/rest/index.ts';
import { readEntities } from './entities.ts';
import { onlyGiven } from './given.ts';
import { readPolicy } from './policy.ts';
import { readUpstream } from './upstream.ts';

/** What the REST kind reads, with every credential wrapped. The kind itself checks the rest of it. */
export function readRestInput(input: RestSourceInput, path: string, problems: Problem[]): RestInput {
  const { auth, headers, operations, entities, ...plain } = onlyGiven(input);
  return {
    ...plain,
    ...readUpstream({ auth, headers }, path, problems),
    ...(entities === undefined ? {} : { entities: readEntities(entities, `${path}.entities`, problems) }),
    ...(operations === undefined
      ? {}
      : {
          operations: operations.map((operation, at) => readOperation(operation, `${path}.operations.${at}`, problems)),
        }),
  };
}

function readOperation(
  input: NonNullable<RestSourceInput['operations']>[number],
  path: string,
  problems: Problem[],
): OperationInput {
  const { operation, policy, batch, pagination, ...plain } = input;
  return {
    operation,
    ...onlyGiven(plain),
    ...(batch ? { batch: readBatch(batch) } : {}),
    ...(pagination ? { pagination: readPagination(pagination) } : {}),
    ...(policy ? { policy: readPolicy(policy, `${path}.policy`, problems) } : {}),
  };
}

function readPagination(input: PaginationInput): RestPagination {
  const { style, items, pageSize, ...others } = input;
  return { style, items, pageSize, ...onlyGiven(others) };
}

function readBatch(input: BatchInput): RestBatch {
  const { argument, ...others } = input;
  return { argument, ...onlyGiven(others) };
}
