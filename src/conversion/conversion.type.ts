import { Field, ObjectType } from 'type-graphql';
import { connectionOf, type ListRow } from '../graphql/connection.ts';
import { encodeId } from '../graphql/ids.ts';
import { Node } from '../graphql/node.type.ts';
import { DateTimeScalar } from '../graphql/scalars.ts';
import { ConversionOutcome, ConversionTarget, FieldOutcome } from './conversion.enums.ts';

@ObjectType('FieldProvenance', {
  simpleResolvers: true,
  description: 'What a conversion did with one field: which value of the lead went where.',
})
export class FieldProvenance {
  @Field(() => ConversionTarget, { description: 'The record the field belongs to.' })
  target!: ConversionTarget;

  @Field(() => String, {
    description: "The record's field, as this API names it; a custom one as `custom.<key>`.",
  })
  field!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "The lead's field the value came from; null for a value of the input, and for conversions from before this was kept.",
  })
  sourceField!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The value considered: the lead's, or what the input gave in its place; null when neither had one.",
  })
  value!: string | null;

  @Field(() => FieldOutcome, { description: 'What became of it.' })
  outcome!: FieldOutcome;
}

@ObjectType('LeadConversion', {
  implements: Node,
  simpleResolvers: true,
  description: 'Lineage: one lead became an account and a contact, and perhaps an opportunity.',
})
export class LeadConversion extends Node {
  /** The id inside, for loaders. */
  uuid!: string;
  leadUuid!: string;
  accountUuid!: string | null;
  contactUuid!: string | null;
  opportunityUuid!: string | null;
  convertedByUuid!: string | null;
  sdrUuid!: string | null;
  aeUuid!: string | null;

  @Field(() => ConversionOutcome, {
    nullable: true,
    description: 'How it came by the account; null for an imported conversion, whose past is unknown.',
  })
  accountOutcome!: ConversionOutcome | null;

  @Field(() => ConversionOutcome, {
    nullable: true,
    description: 'How it came by the contact; null for an imported conversion, whose past is unknown.',
  })
  contactOutcome!: ConversionOutcome | null;

  @Field(() => ConversionOutcome, {
    nullable: true,
    description:
      'How it came by the opportunity; null without one, and for an imported conversion, whose past is unknown.',
  })
  opportunityOutcome!: ConversionOutcome | null;

  @Field(() => DateTimeScalar, { description: 'When the lead was converted.' })
  convertedAt!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was undone; null while it stands.' })
  revertedAt!: string | null;
}

export const LeadConversionConnection = connectionOf('LeadConversion', () => LeadConversion, 'conversions');
export type LeadConversionConnection = InstanceType<typeof LeadConversionConnection>;

/** Each property of a row, over the alias `t`. */
export const conversionColumns = {
  uuid: 't.id',
  leadUuid: 't.lead_id',
  accountUuid: 't.account_id',
  contactUuid: 't.contact_id',
  opportunityUuid: 't.opportunity_id',
  accountOutcome: 't.account_outcome',
  contactOutcome: 't.contact_outcome',
  opportunityOutcome: 't.opportunity_outcome',
  convertedAt: 't.converted_at',
  convertedByUuid: 't.converted_by_id',
  sdrUuid: 't.sdr_id',
  aeUuid: 't.ae_id',
  revertedAt: 't.reverted_at',
};

export function toConversion(row: ListRow): LeadConversion {
  const conversion = row as unknown as LeadConversion;
  conversion.id = encodeId('LeadConversion', row.uuid);
  return conversion;
}

export const conversionList = { connection: LeadConversionConnection, toNode: toConversion };
