import { textKey } from '../../src/database/text-key.ts';
import type { Data } from '../support/server.ts';

// What each filter means, in plain JavaScript over rows as the API answers them.

export type Test = (node: Data, filter: unknown) => boolean;
type Value = string | number | boolean | null | undefined;
const given = (value: unknown) => value !== null && value !== undefined;

/** All operators given must hold; one that is null is not given. */
const operators =
  (valueOf: (node: Data) => Value, each: Record<string, (value: Value, operand: never) => boolean>): Test =>
  (node, filter) =>
    Object.entries(filter as Data).every(
      ([name, operand]) => !given(operand) || each[name]!(valueOf(node) ?? null, operand as never),
    );

const isNull = (value: Value, expected: boolean) => (value === null) === expected;

/** `keyOnly`: the normalised form is all there is. */
const text = (valueOf: (node: Data) => Value, keyOnly = false): Test => {
  const key = (value: Value) => (typeof value === 'string' ? textKey(value) || (keyOnly ? null : '') : null);
  const same = (value: Value, operand: string) =>
    value !== null && (keyOnly ? key(value) === textKey(operand) : value === operand);
  return operators(valueOf, {
    eq: same,
    ne: (value, operand: string) => !same(value, operand),
    in: (value, operand: string[]) => operand.some((one) => same(value, one)),
    contains: (value, operand: string) => key(value)?.includes(textKey(operand)) ?? false,
    startsWith: (value, operand: string) => key(value)?.startsWith(textKey(operand)) ?? false,
    isNull,
  });
};
/** Names of stages: compared exactly, searched by their normalised form. */
const compared = (
  valueOf: (node: Data) => Value,
  number: (operand: string | number) => number | string = (operand) => operand,
): Test =>
  operators(valueOf, {
    eq: (value, operand: string | number) => value === number(operand),
    in: (value, operand: number[]) => operand.some((one) => value === number(one)),
    gt: (value, operand: string | number) => value !== null && value! > number(operand),
    gte: (value, operand: string | number) => value !== null && value! >= number(operand),
    lt: (value, operand: string | number) => value !== null && value! < number(operand),
    lte: (value, operand: string | number) => value !== null && value! <= number(operand),
    isNull,
  });
const is =
  (name: string): Test =>
  (node, expected) =>
    node[name] === expected;
const instant = (text: string | number) => new Date(text).getTime();

export const ACCOUNT: Record<string, Test> = {
  id: compared((node) => node.id),
  name: text((node) => node.name),
  domain: text((node) => node.domain, true),
  industry: text((node) => node.industry),
  tier: compared((node) => node.tier),
  isTarget: is('isTarget'),
  owner: compared((node) => node.owner?.id),
  parent: compared((node) => node.parent?.id),
  createdAt: compared((node) => instant(node.createdAt), instant),
};
export const OPPORTUNITY: Record<string, Test> = {
  name: text((node) => node.name),
  source: text((node) => node.source),
  account: compared((node) => node.account?.id),
  owner: compared((node) => node.owner?.id),
  stage: text((node) => node.stage.name),
  isClosed: is('isClosed'),
  isWon: is('isWon'),
  // amounts of other currencies are never compared, though they are there
  amount: (node, filter) =>
    compared((one) => (one.amount?.currency === 'EUR' ? Number(one.amount.amount) : null), Number)(node, {
      ...(filter as Data),
      isNull: undefined,
    }) &&
    (!given((filter as Data).isNull) || (node.amount === null) === (filter as Data).isNull),
  closeDate: compared((node) => node.closeDate),
  createdAt: compared((node) => instant(node.createdAt), instant),
};

export function matches(node: Data, filter: Data, fields: Record<string, Test>): boolean {
  return Object.entries(filter).every(([name, value]) => {
    if (!given(value)) return true;
    if (name === 'and') return (value as Data[]).every((inner) => matches(node, inner, fields));
    if (name === 'or') return (value as Data[]).some((inner) => matches(node, inner, fields));
    if (name === 'not') return !matches(node, value as Data, fields);
    return fields[name]!(node, value);
  });
}
