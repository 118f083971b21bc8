const names = new WeakMap<object, string>();
let made = 0;

/**
 * A name for a set of records, by which loaders are told apart: each set has its own. What a set was made from would not
 * do: parents of one field may come in several batches, each with a set of its own.
 */
export function setName(set: object): string {
  let name = names.get(set);
  if (name === undefined) names.set(set, (name = `set ${++made}`));
  return name;
}
