import { Field, InputType, ObjectType } from 'type-graphql';
import { fromMinor, isCurrency, toMinor } from './money.ts';
import { DecimalScalar } from './scalars.ts';
import { invalidInput } from './user-error.ts';

@ObjectType('Money', { simpleResolvers: true, description: 'An exact amount in one currency.' })
export class Money {
  @Field(() => DecimalScalar, {
    description: 'The amount in the currency\'s major unit, with all its decimals: `"1250.00"`.',
  })
  amount!: string;

  @Field(() => String, { description: 'ISO 4217 code: `EUR`.' })
  currency!: string;
}

/** Minor units as stored → Money; null, or a column not read, is null. */
export function money(minor: bigint | string | null | undefined, currency: string | null): Money | null {
  return minor == null || currency === null ? null : { amount: fromMinor(minor, currency), currency };
}

@InputType('MoneyInput', { description: 'An exact amount in one currency.' })
export class MoneyInput {
  @Field(() => DecimalScalar, { description: 'The amount in the currency\'s major unit: `"1250.50"`.' })
  amount!: string;

  @Field(() => String, {
    nullable: true,
    description: "ISO 4217 code. Omitted: the organisation's currency.",
  })
  currency?: string | null;
}

/** Money of an input as stored: `{ amount: 125050n, currency: 'EUR' }`; refused with the field's path when it can't be. */
export function minorMoney(
  input: MoneyInput,
  defaultCurrency: string,
  path: string[],
): { amount: bigint; currency: string } {
  const currency = input.currency ?? defaultCurrency;
  if (!isCurrency(currency))
    throw invalidInput([...path, 'currency'], `${currency} is not an ISO 4217 currency code (EUR, USD, …)`);
  const amount = toMinor(input.amount, currency);
  if (amount === null)
    throw invalidInput(
      [...path, 'amount'],
      `${input.amount} is not an amount in ${currency}: too many decimals or too large`,
    );
  return { amount, currency };
}
