import type { Problem } from '../../../errors/index.ts';
import { checkEntities } from '../../entity/index.ts';
import type { SourceDescription } from '../../source.ts';

const PLACE = 'input.rest';

/** Where the entities that the registration declares do not fit the document. */
export function entityProblems(
  description: Pick<SourceDescription, 'schema' | 'operations' | 'entities'>,
): readonly Problem[] {
  const bulk = (description.entities ?? []).flatMap(({ batch }, index) => {
    if (batch === undefined) return [];
    const message = "Expected the bulk form at its operation (input.rest.operations); got it at the entity's.";
    return [{ path: `${PLACE}.entities.${index}.batch`, message }];
  });
  const { problems } = checkEntities(description);
  return [...bulk, ...problems.map(({ path, message }) => ({ path: `${PLACE}.${path}`, message }))];
}
