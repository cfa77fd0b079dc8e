import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import {
  actorOf,
  anonymous,
  type BudgetRecord,
  type BudgetSubject,
  type BudgetWindow as Window,
} from '../../access/index.ts';
import { InvalidDefinition, type Problem } from '../../errors/index.ts';
import { Budget, BudgetInput, BudgetSubjectKind, type BudgetWindow, type ValueOf } from '../../schema/admin/index.ts';
import type { RequestContext } from '../../schema/index.ts';
import { readLimits } from './input/budget.ts';
import type { AdminServices } from './services.ts';

const SHOWN_WINDOWS: Readonly<Record<Window, ValueOf<typeof BudgetWindow>>> = {
  requestsPerMinute: 'REQUESTS_PER_MINUTE',
  tokensPerMinute: 'TOKENS_PER_MINUTE',
  usdPerDay: 'USD_PER_DAY',
  usdPerMonth: 'USD_PER_MONTH',
};

/** The id of whoever calls with the key from the environment, which is not in the registry. */
const ENVIRONMENT_KEY_ID = 'environment';

/** What calls of models may take. */
@Resolver()
export class BudgetResolvers {
  readonly #services: AdminServices;

  constructor(services: AdminServices) {
    this.#services = services;
  }

  @Query(() => [Budget], { description: 'All budgets, with what is reserved and spent of each limit.' })
  async budgets(): Promise<readonly Budget[]> {
    return (await this.#services.registry.budgets()).map((record) => this.#shown(record));
  }

  @Mutation(() => Budget, {
    description:
      'Sets the limits of a key, source, provider or model, for calls that start afterwards. What was spent of a ' +
      'budget that is there stays; a new one counts from now on.',
  })
  async setBudget(
    @Arg('input', () => BudgetInput, { description: 'Whose limits, and which.' }) input: BudgetInput,
    @Ctx() context: RequestContext,
  ): Promise<Budget> {
    const subject: BudgetSubject = { kind: input.kind, id: input.id };
    const problems: Problem[] = [];
    const limits = readLimits(input, problems);
    const problem = await this.#subjectProblem(subject);
    if (problem !== undefined) problems.unshift({ path: 'input.id', message: problem });
    if (problems.length > 0) throw new InvalidDefinition(problems);
    const change = { actor: actorOf(context.caller), action: 'setBudget', detail: { limits } };
    return this.#shown(await this.#services.registry.setBudget(subject, limits, change));
  }

  @Mutation(() => ID, {
    description:
      'Takes the limits away, and forgets what was spent of them. A budget goes with its source or provider.',
  })
  async removeBudget(
    @Arg('kind', () => BudgetSubjectKind, { description: 'What is limited.' }) kind: BudgetSubject['kind'],
    @Arg('id', () => ID, { description: 'Which one.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<string> {
    await this.#services.registry.removeBudget(
      { kind, id },
      { actor: actorOf(context.caller), action: 'removeBudget' },
    );
    return id;
  }

  #shown({ subject: { kind, id }, createdAt, updatedAt }: BudgetRecord): Budget {
    const limits = this.#services.budgets
      .status()
      .filter(({ subject }) => subject.kind === kind && subject.id === id)
      .map(({ window, limit, reserved, spent, unpriced, resetsAt }) => ({
        window: SHOWN_WINDOWS[window],
        limit,
        reserved,
        spent,
        unpriced,
        resetsAt,
      }));
    return { kind, id, limits, createdAt, updatedAt };
  }

  /** A budget of what is not there would be a slip that nobody notices. */
  async #subjectProblem({ kind, id }: BudgetSubject): Promise<string | undefined> {
    const { registry, models } = this.#services;
    const shown = JSON.stringify(id.slice(0, 300));
    switch (kind) {
      case 'KEY':
        if (id === anonymous.id || id === ENVIRONMENT_KEY_ID || (await registry.key(id)) !== undefined)
          return undefined;
        return `Expected the id of a key, or ${anonymous.id}; got ${shown}.`;
      case 'SOURCE':
        if ((await registry.source(id)) !== undefined) return undefined;
        return `Expected the name of a source; got ${shown}.`;
      case 'PROVIDER':
        if ((await registry.provider(id)) !== undefined) return undefined;
        return `Expected the name of a provider; got ${shown}.`;
      case 'MODEL': {
        const slash = id.indexOf('/');
        const target = { provider: id.slice(0, Math.max(0, slash)), model: id.slice(slash + 1) };
        if (models.knows(target)) return undefined;
        return `Expected provider/model of a registered provider, declared there or in the catalogue; got ${shown}.`;
      }
      default: {
        const never: never = kind;
        return never;
      }
    }
  }
}
