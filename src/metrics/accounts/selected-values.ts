import DataLoader from 'dataloader';
import type { Context } from '../../graphql/context.ts';

/**
 * The value of one metric of one group. All that an operation selects under the same `name` (which tells everything they
 * depend on) and `source` is computed by one call, and nothing else.
 */
export function loadSelected<Source extends object, Key extends string, Values extends Record<Key, unknown>>(
  context: Context,
  name: string,
  request: { source: Source; key: Key; group: string },
  compute: (source: Source, keys: Key[], groups: string[]) => Promise<(group: string) => Values>,
): Promise<Values[Key]> {
  const loader = context.loader(
    name,
    () =>
      new DataLoader<typeof request, unknown, string>(
        async (requests) => {
          const computed = new Map<Source, (group: string) => Values>();
          for (const [source, own] of Map.groupBy(requests, (one) => one.source)) {
            const keys = [...new Set(own.map(({ key }) => key))];
            const groups = [...new Set(own.map(({ group }) => group))];
            computed.set(source, await compute(source, keys, groups));
          }
          return requests.map(({ source, key, group }) => computed.get(source)!(group)[key]);
        },
        { cacheKeyFn: ({ key, group }) => `${key} ${group}` },
      ),
  );
  return loader.load(request) as Promise<Values[Key]>;
}
