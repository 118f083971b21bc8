import sql from 'sql-template-tag';
import { ArgsType, Field, InputType } from 'type-graphql';
import { ForwardPageArgs } from '../graphql/connection.ts';
import { dateTimeField, type FilterFields, idField, textField } from '../graphql/filter.ts';
import { DateTimeFilter, IDFilter, StringFilter } from '../graphql/filter.types.ts';
import { ConversionOutcome } from './conversion.enums.ts';

@InputType('ConversionFilter', { description: 'Which conversions. All conditions given must hold.' })
export class ConversionFilter {
  @Field(() => DateTimeFilter, { nullable: true, description: 'By time of conversion.' })
  convertedAt?: DateTimeFilter | null;

  @Field(() => ConversionOutcome, { nullable: true, description: 'By how it came by the account.' })
  accountOutcome?: ConversionOutcome | null;

  @Field(() => ConversionOutcome, { nullable: true, description: 'By how it came by the contact.' })
  contactOutcome?: ConversionOutcome | null;

  @Field(() => ConversionOutcome, {
    nullable: true,
    description: 'By how it came by the opportunity; those without one match none.',
  })
  opportunityOutcome?: ConversionOutcome | null;

  @Field(() => IDFilter, { nullable: true, description: 'By the person who converted.' })
  convertedBy?: IDFilter | null;

  @Field(() => IDFilter, { nullable: true, description: 'By who fed the lead: `LeadConversion.sdr`.' })
  sdr?: IDFilter | null;

  @Field(() => IDFilter, { nullable: true, description: 'By who sells: `LeadConversion.ae`.' })
  ae?: IDFilter | null;

  @Field(() => StringFilter, { nullable: true, description: "By the lead's source." })
  source?: StringFilter | null;

  @Field(() => Boolean, { nullable: true, description: 'Undone ones only (true) or standing ones (false).' })
  isReverted?: boolean | null;
}

@ArgsType()
export class ConversionsArgs extends ForwardPageArgs {
  @Field(() => ConversionFilter, { nullable: true, description: 'Which conversions; all when omitted.' })
  filter?: ConversionFilter | null;
}

const leadSource = textField('source', 'source_key', 'lead_source_like');

export const conversionFilter: FilterFields<ConversionFilter> = {
  convertedAt: dateTimeField('converted_at'),
  accountOutcome: (outcome) => sql`t.account_outcome = ${outcome}`,
  contactOutcome: (outcome) => sql`t.contact_outcome = ${outcome}`,
  opportunityOutcome: (outcome) => sql`t.opportunity_outcome = ${outcome}`,
  convertedBy: idField('converted_by_id', 'User'),
  sdr: idField('sdr_id', 'User'),
  ae: idField('ae_id', 'User'),
  source: (filter, scope, path) =>
    sql`t.lead_id in (select t.id from lead t where t.organization_id = ${scope.id} and t.deleted_at is null and ${leadSource(filter, scope, path)})`,
  isReverted: (isReverted) => (isReverted ? sql`t.reverted_at is not null` : sql`t.reverted_at is null`),
};
