import type { ExecutionResult, GraphQLSchema } from 'graphql';
import { GraphQLError, type OperationTypeNode } from 'graphql';
import type { RequestContext, Stream } from '../schema/index.ts';
import { type CompiledOperation, compileOperation } from './compiled/compile-operation.ts';
import type { PreparedDocument, PreparedOperation } from './prepare-document.ts';

/** An operation of a valid document with its variables, within all limits: nothing is left but to run it. */
export class ReadyOperation {
  readonly kind: OperationTypeNode;
  readonly name: string | undefined;
  readonly #compiled: CompiledOperation;
  readonly #variables: Record<string, unknown>;

  constructor(
    schema: GraphQLSchema,
    { document }: PreparedDocument,
    prepared: PreparedOperation,
    variables: Record<string, unknown>,
  ) {
    const { node } = prepared;
    prepared.compiled ??= compileOperation(schema, document, node);
    this.kind = node.operation;
    this.name = node.name?.value;
    this.#compiled = prepared.compiled;
    this.#variables = variables;
  }

  /** `event` is what a subscription is run for. The answer has `extensions.weir` where there is something to say. */
  async run(context: RequestContext, event?: unknown): Promise<ExecutionResult> {
    const result = await this.#compiled.run(context, this.#variables, event);
    const report = context.provenance.report();
    return report === undefined ? result : { ...result, extensions: { ...result.extensions, weir: report } };
  }

  /** What a subscription subscribes to, or the error that its client is told. */
  stream(context: RequestContext): Stream | GraphQLError {
    try {
      return this.#compiled.subscribe(context, this.#variables) as Stream;
    } catch (error: unknown) {
      if (error instanceof GraphQLError) return error;
      throw error;
    }
  }
}
