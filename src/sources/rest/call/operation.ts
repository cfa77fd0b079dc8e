import { type OperationDescription } from '../../source.ts';
import type { AnswerReading, RestOperation } from '../plan.ts';

/** What `describe` of this kind puts into `operations`. */
export function isRestOperation(operation: OperationDescription): operation is RestOperation {
  return 'method' in operation && 'path' in operation && 'answer' in operation;
}

/** Whether any operation asks for a credential. If none does, the document is silent, and all get it. */
export function declaresSecurity(operations: Iterable<OperationDescription>): boolean {
  for (const operation of operations) {
    if (isRestOperation(operation) && asksForCredential(operation)) return true;
  }
  return false;
}

/** One alternative that asks for something is enough: a credential that is optional is sent. */
export function asksForCredential(operation: RestOperation): boolean {
  return operation.security.some((alternative) => alternative.length > 0);
}

/** The Accept header (RFC 9110 section 12.5.1): what can be read best, and anything rather than a 406. */
export function acceptOf(operation: RestOperation): string {
  const { byStatus, otherwise } = operation.answer;
  const kinds = new Set<AnswerReading['as']>([...byStatus.map(({ reading }) => reading.as), otherwise.as]);
  if (kinds.has('json')) return 'application/json, */*;q=0.5';
  if (kinds.has('text')) return 'text/plain, text/*;q=0.9, */*;q=0.5';
  return '*/*';
}
