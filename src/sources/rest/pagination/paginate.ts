import type { GraphQLFieldConfig, GraphQLFieldConfigArgumentMap } from 'graphql';
import type { Problem } from '../../../errors/index.ts';
import type { PaginationInput } from '../definition.ts';
import type { RawOperation } from '../mapping/collect.ts';
import type { Mapper } from '../mapping/mapper.ts';
import { isObject, type JsonObject, ownArray } from '../openapi/json.ts';
import { at } from '../openapi/pointer.ts';
import { follow } from '../openapi/walk.ts';
import type { ParameterPlan, RestOperation } from '../plan.ts';
import { ConnectionTypes, connectionArguments } from './connection-types.ts';
import { planPages } from './plan-pages.ts';

export interface PaginatedOperation {
  readonly operation: RestOperation;
  readonly config: GraphQLFieldConfig<unknown, unknown>;
}

/** Makes connections of the fields whose operations hand out pages. For one description of a source. */
export class Paginator {
  readonly #mapper: Mapper;
  readonly #document: JsonObject;
  readonly #types: ConnectionTypes;
  readonly #problems: Problem[] = [];

  constructor(mapper: Mapper, document: JsonObject, sourceName: string) {
    this.#mapper = mapper;
    this.#document = document;
    this.#types = new ConnectionTypes(mapper, sourceName);
  }

  /**
   * The operation with its pages; to be called when the types of answers are complete. As it came when `input` does not
   * fit it, which `problems` then tell; `path` is where `input` stands.
   */
  paginate(mapped: PaginatedOperation, raw: RawOperation, input: PaginationInput, path: string): PaginatedOperation {
    const { warnings } = this.#mapper;
    const planned = planPages(mapped.operation, input, (parameter) => this.#maximumOf(raw, parameter));
    if (!planned.ok) {
      for (const problem of planned.problems) {
        this.#problems.push({ path: `${path}.${problem.path}`, message: problem.message });
      }
      return mapped;
    }
    const { plan } = planned;
    const { operation, config } = mapped;
    const taken = [plan.positionArgument, plan.sizeArgument].filter((name) => name !== undefined);
    const args: GraphQLFieldConfigArgumentMap = connectionArguments(plan);
    const parameters = operation.parameters.map((parameter) => {
      if (taken.includes(parameter.argument)) return parameter;
      const argument = this.#freeName(parameter, args, raw);
      const own = config.args?.[parameter.argument];
      if (own !== undefined) args[argument] = own;
      return argument === parameter.argument ? parameter : { ...parameter, argument };
    });
    const { body } = operation;
    const bodyArgument = body === undefined ? undefined : config.args?.[body.argument];
    if (body !== undefined && bodyArgument !== undefined) args[body.argument] = bodyArgument;
    warnings.add(
      'PAGINATED',
      raw.pointer,
      taken.length === 0
        ? 'The field is a connection: first and after say how much of the list it gives.'
        : `The field is a connection: first and after stand for ${taken.join(' and ')}.`,
    );
    return {
      operation: { ...operation, parameters, pages: plan },
      config: { ...config, args, type: this.#types.of(config.type, plan) },
    };
  }

  /** Everything in which declarations did not fit their operations. */
  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /** A parameter of the upstream's that is called as the connection's own arguments are makes way. */
  #freeName({ argument, in: place }: ParameterPlan, args: GraphQLFieldConfigArgumentMap, raw: RawOperation): string {
    if (!Object.hasOwn(args, argument)) return argument;
    const free = `${argument}_${place}`;
    const message = `The ${place} parameter of the argument ${argument} is ${free}: the connection has one of that name.`;
    this.#mapper.warnings.add('RENAMED', at(raw.pointer, 'parameters'), message);
    return free;
  }

  #maximumOf(raw: RawOperation, { name, in: place }: ParameterPlan): number | undefined {
    for (const [holder, pointer] of [
      [raw.value, raw.pointer],
      [raw.pathItem, raw.pathPointer],
    ] as const) {
      for (const [index, value] of (ownArray(holder, 'parameters') ?? []).entries()) {
        const found = follow(this.#document, { value, pointer: at(pointer, 'parameters', index) });
        if (!isObject(found?.value) || found.value.name !== name || found.value.in !== place) continue;
        return this.#mapper.reader.read({ schema: found.value.schema ?? {}, pointer: at(found.pointer, 'schema') })
          .maximum;
      }
    }
    return undefined;
  }
}
