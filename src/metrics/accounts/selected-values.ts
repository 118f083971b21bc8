import DataLoader from 'dataloader';
import type { Context } from '../../graphql/context.ts';
import { setName } from '../set-name.ts';

/**
 * The value of one metric of one group of a set. All that an operation selects of the `family` of the set is computed by
 * one call, and nothing else.
 */
export function loadSelected<Key extends string, Values extends Record<Key, unknown>>(
  context: Context,
  family: string,
  request: { set: object; key: Key; group: string },
  compute: (keys: Key[], groups: string[]) => Promise<(group: string) => Values>,
): Promise<Values[Key]> {
  const loader = context.loader(
    `${setName(request.set)} ${family}`,
    () =>
      new DataLoader<typeof request, unknown, string>(
        async (requests) => {
          const keys = [...new Set(requests.map(({ key }) => key))];
          const groups = [...new Set(requests.map(({ group }) => group))];
          const valuesOf = await compute(keys, groups);
          return requests.map(({ key, group }) => valuesOf(group)[key]);
        },
        { cacheKeyFn: ({ key, group }) => `${key} ${group}` },
      ),
  );
  return loader.load(request) as Promise<Values[Key]>;
}
