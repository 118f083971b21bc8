/** Values of custom fields by key, as they are stored. */
export type CustomValue = string | boolean;
export type CustomValues = Record<string, CustomValue>;
/** Null takes a value away. */
export type CustomChanges = Record<string, CustomValue | null>;

const PREFIX = 'custom.';

/** What a custom field is called beside standard ones, whose names it may share: `custom.role`. */
export const customName = (key: string): string => PREFIX + key;

export const isCustom = (name: string): boolean => name.startsWith(PREFIX);

/** `custom.role` → `role`. */
export const customKey = (name: string): string => name.slice(PREFIX.length);

/** A row's columns with its custom fields among them, each by its own name: as journals and plans tell of it. */
export function withCustomNames(columns: object): Record<string, unknown> {
  const { customFields, ...others } = columns as { customFields?: object };
  const entries = Object.entries(customFields ?? {});
  return { ...others, ...Object.fromEntries(entries.map(([key, value]) => [customName(key), value])) };
}

/** The other way: values under custom names become the column `customFields`, which is left out when there are none. */
export function withCustomColumn(
  named: Record<string, unknown>,
): Record<string, unknown> & { customFields?: Record<string, unknown> } {
  const entries = Object.entries(named);
  const custom = entries.filter(([name]) => isCustom(name)).map(([name, value]) => [customKey(name), value]);
  return {
    ...Object.fromEntries(entries.filter(([name]) => !isCustom(name))),
    ...(custom.length > 0 && { customFields: Object.fromEntries(custom) }),
  };
}

/** The values after changes; what is null has none. */
export function changedValues(
  present: Readonly<Record<string, unknown>>,
  changes: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries({ ...present, ...changes }).filter(([, value]) => value !== null && value !== undefined),
  );
}

/** Those changes as the column of a new row; it is left out when there are none, as the database has a default. */
export function newValues({ customFields }: { customFields?: CustomChanges }): {
  customFields?: Record<string, unknown>;
} {
  return customFields ? { customFields: changedValues({}, customFields) } : {};
}
