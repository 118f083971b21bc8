import { Field, Float, Int, ObjectType } from 'type-graphql';
import { Address, addressSelect } from '../accounts/address.type.ts';
import { connectionOf, type ListRow } from '../graphql/connection.ts';
import { encodeId } from '../graphql/ids.ts';
import { Money, money } from '../graphql/money.type.ts';
import { Node } from '../graphql/node.type.ts';
import { DateTimeScalar, JsonScalar } from '../graphql/scalars.ts';
import { MatchMethod } from './lead.enums.ts';

@ObjectType('LeadStatus', {
  implements: Node,
  simpleResolvers: true,
  description: "A step in the life of the organisation's leads.",
})
export class LeadStatus extends Node {
  /** The id inside, for loaders. */
  uuid!: string;

  @Field(() => String, { description: "The status's name, unique in the organisation." })
  name!: string;

  @Field(() => Int, { description: 'Its place in the process, from 1.' })
  position!: number;

  @Field(() => Boolean, {
    description:
      'Is it a status for converted leads? A lead only labelled so, without a conversion, is not converted.',
  })
  isConverted!: boolean;

  @Field(() => Boolean, { description: 'Is the lead done with, converted or not?' })
  isClosed!: boolean;
}

@ObjectType('AccountMatch', {
  simpleResolvers: true,
  description: 'The account an unconverted lead seems to belong to.',
})
export class AccountMatch {
  leadUuid!: string;
  accountUuid!: string | null;

  @Field(() => MatchMethod, { description: 'How it was recognised.' })
  method!: MatchMethod;

  @Field(() => Float, { description: 'How sure: 1 is exact, 0 is no match.' })
  score!: number;
}

@ObjectType('Lead', {
  implements: Node,
  simpleResolvers: true,
  description:
    'A raw, unqualified person or company, never sold to before, that came to us by form, import, marketing or event. Once converted it is read-only.',
})
export class Lead extends Node {
  /** The id inside, for loaders. */
  uuid!: string;
  statusUuid!: string;
  ownerUuid!: string | null;
  queueUuid!: string | null;
  campaignUuid!: string | null;
  matchedAccountUuid!: string | null;
  matchMethod!: MatchMethod;
  matchScore!: number;

  @Field(() => String, { nullable: true, description: 'First name.' })
  firstName!: string | null;

  @Field(() => String, { description: 'Last name.' })
  lastName!: string;

  @Field(() => String, { nullable: true, description: 'Company, as the lead or the form said.' })
  company!: string | null;

  @Field(() => String, { nullable: true, description: 'E-mail address, as entered.' })
  email!: string | null;

  @Field(() => String, { nullable: true, description: 'Telephone number, as entered.' })
  phone!: string | null;

  @Field(() => String, { nullable: true, description: 'Mobile number, as entered.' })
  mobile!: string | null;

  @Field(() => String, { nullable: true, description: 'Job title.' })
  title!: string | null;

  @Field(() => String, { nullable: true, description: "The company's website, as entered." })
  website!: string | null;

  @Field(() => String, { nullable: true, description: "The company's industry, as entered." })
  industry!: string | null;

  @Field(() => Int, { nullable: true, description: "The company's number of employees; null when unknown." })
  employees!: number | null;

  @Field(() => Money, { nullable: true, description: "The company's revenue per year; null when unknown." })
  annualRevenue!: Money | null;

  @Field(() => Address, {
    nullable: true,
    description: 'Where the person works; null when nothing is known.',
  })
  address!: Address | null;

  @Field(() => Boolean, { description: 'The person asked not to be called.' })
  doNotCall!: boolean;

  @Field(() => Boolean, { description: 'The person asked for no e-mail.' })
  emailOptOut!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Where the lead came from: `Web`, `Trade Show`. Null: nobody said.',
  })
  source!: string | null;

  @Field(() => Int, { nullable: true, description: 'Score of marketing automation; null when never scored.' })
  score!: number | null;

  @Field(() => Boolean, { description: 'Has it become an account and a contact?' })
  isConverted!: boolean;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'First time it was marketing-qualified (MQL); null: never.',
  })
  mqlAt!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'First time sales accepted it (SAL); null: never.',
  })
  salAt!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'First time it was sales-qualified (SQL); null: never.',
  })
  sqlAt!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why it was disqualified; null: it was not, or is open again.',
  })
  disqualifiedReason!: string | null;

  @Field(() => String, { nullable: true, description: 'Rating, as entered: `Hot`, `Warm`, `Cold`.' })
  rating!: string | null;

  @Field(() => String, { nullable: true, description: 'Notes about the lead: what the form said.' })
  description!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Its id in the system it was imported from; null when made here.',
  })
  externalId!: string | null;

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
    description: 'When the lead came to be (in the source system, if imported).',
  })
  createdAt!: string;

  @Field(() => Boolean, {
    description: 'The import had no creation date: `createdAt` is the earliest date known for the lead.',
  })
  createdAtEstimated!: boolean;

  @Field(() => DateTimeScalar, { description: 'When it was last changed.' })
  updatedAt!: string;
}

export const LeadConnection = connectionOf('Lead', () => Lead, 'leads');
export type LeadConnection = InstanceType<typeof LeadConnection>;

/** Each property of a row, over the alias `t`. */
export const leadColumns = {
  uuid: 't.id',
  rating: 't.rating',
  description: 't.description',
  externalId: 't.external_id',
  customFields: 't.custom_fields',
  firstName: 't.first_name',
  lastName: 't.last_name',
  company: 't.company',
  email: 't.email',
  phone: 't.phone',
  mobile: 't.mobile',
  title: 't.title',
  website: 't.website',
  industry: 't.industry',
  employees: 't.employees',
  annualRevenue: 't.annual_revenue',
  annualRevenueCurrency: 't.annual_revenue_currency',
  address: addressSelect,
  doNotCall: 't.do_not_call',
  emailOptOut: 't.email_opt_out',
  statusUuid: 't.status_id',
  source: 't.source',
  score: 't.score',
  ownerUuid: 't.owner_id',
  queueUuid: 't.queue_id',
  campaignUuid: 't.campaign_id',
  isConverted: 't.is_converted',
  mqlAt: 't.mql_at',
  salAt: 't.sal_at',
  sqlAt: 't.sql_at',
  disqualifiedReason: 't.disqualified_reason',
  matchedAccountUuid: 't.matched_account_id',
  matchMethod: 't.match_method',
  matchScore: 't.match_score',
  version: 't.version',
  createdAt: 't.created_at',
  createdAtEstimated: 't.created_at_estimated',
  updatedAt: 't.updated_at',
};

export function toLead(row: ListRow): Lead {
  const lead = row as unknown as Lead;
  lead.id = encodeId('Lead', row.uuid);
  lead.annualRevenue = money(row.annualRevenue as string | null, row.annualRevenueCurrency as string | null);
  return lead;
}

/** Resolvers of other fields read `isConverted`. */
export const leadList = { connection: LeadConnection, toNode: toLead, always: ['isConverted'] };
