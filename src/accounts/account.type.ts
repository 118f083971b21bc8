import { Field, Int, ObjectType } from 'type-graphql';
import { connectionOf, type ListRow } from '../graphql/connection.ts';
import { encodeId } from '../graphql/ids.ts';
import { Money, money } from '../graphql/money.type.ts';
import { Node } from '../graphql/node.type.ts';
import { DateTimeScalar, JsonScalar } from '../graphql/scalars.ts';
import { AccountType } from './account.enums.ts';
import { Address, addressSelect } from './address.type.ts';

@ObjectType('Account', {
  implements: Node,
  simpleResolvers: true,
  description:
    'A company or organisation we want to sell to, with everything known about it: the centre of the graph.',
})
export class Account extends Node {
  /** The id inside, for loaders. */
  uuid!: string;
  /** The id it was asked by, where that is of a record merged into this one. */
  askedUuid?: string;
  ownerUuid!: string | null;
  parentUuid!: string | null;

  @Field(() => String, { description: "The company's name." })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Registrable domain of its website, lower case: `acme.co.uk`. Null when unknown.',
  })
  domain!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Its id in the system it was imported from; null when made here.',
  })
  externalId!: string | null;

  @Field(() => String, { nullable: true, description: 'Industry, as entered.' })
  industry!: string | null;

  @Field(() => Int, { nullable: true, description: 'Number of employees; null when unknown.' })
  employees!: number | null;

  @Field(() => Money, {
    nullable: true,
    description: "The company's own revenue per year; null when unknown.",
  })
  annualRevenue!: Money | null;

  @Field(() => String, { nullable: true, description: 'Telephone number, as entered.' })
  phone!: string | null;

  @Field(() => Address, { nullable: true, description: 'Where it is; null when nothing is known.' })
  address!: Address | null;

  @Field(() => String, { nullable: true, description: 'Rating, as entered: `Hot`, `Warm`, `Cold`.' })
  rating!: string | null;

  @Field(() => AccountType, { nullable: true, description: 'What it is to us; null when nobody said.' })
  type!: AccountType | null;

  @Field(() => String, {
    nullable: true,
    description: 'The type as the source system named it: `Customer - Direct`.',
  })
  typeLabel!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Tier of the account programme, 1 is the most important; null: in none.',
  })
  tier!: number | null;

  @Field(() => Boolean, {
    description: 'Is it a target account: one that marketing and sales work on together?',
  })
  isTarget!: boolean;

  @Field(() => String, { nullable: true, description: 'Its website, as entered.' })
  website!: string | null;

  @Field(() => String, { nullable: true, description: 'Notes about it.' })
  description!: string | null;

  @Field(() => JsonScalar, {
    description:
      "The organisation's own fields that have a value, by key: what each can hold tells `Organization.customFields`.",
  })
  customFields!: Record<string, unknown>;

  @Field(() => Int, {
    description: 'Goes up with every change; pass it as `ifVersion` to change only what you have seen.',
  })
  version!: number;

  @Field(() => DateTimeScalar, {
    description: 'When the account came to be (in the source system, if imported).',
  })
  createdAt!: string;

  @Field(() => DateTimeScalar, { description: 'When it was last changed.' })
  updatedAt!: string;
}

export const AccountConnection = connectionOf('Account', () => Account, 'accounts');
export type AccountConnection = InstanceType<typeof AccountConnection>;

/** Each property of a row, over the alias `t`. */
export const accountColumns = {
  uuid: 't.id',
  website: 't.website',
  description: 't.description',
  name: 't.name',
  domain: 't.domain',
  externalId: 't.external_id',
  customFields: 't.custom_fields',
  industry: 't.industry',
  employees: 't.employees',
  annualRevenue: 't.annual_revenue',
  annualRevenueCurrency: 't.annual_revenue_currency',
  phone: 't.phone',
  address: addressSelect,
  rating: 't.rating',
  type: 't.type',
  typeLabel: 't.type_label',
  tier: 't.tier',
  isTarget: 't.is_target',
  ownerUuid: 't.owner_id',
  parentUuid: 't.parent_id',
  version: 't.version',
  createdAt: 't.created_at',
  updatedAt: 't.updated_at',
};

export function toAccount(row: ListRow): Account {
  const account = row as unknown as Account & { annualRevenueCurrency: string | null };
  account.id = encodeId('Account', row.uuid);
  account.annualRevenue = money(row.annualRevenue as string | null, account.annualRevenueCurrency);
  return account;
}

export const accountList = { connection: AccountConnection, toNode: toAccount };
