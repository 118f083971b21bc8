import { Field, Int, ObjectType } from 'type-graphql';
import { Address, addressSelect } from '../accounts/address.type.ts';
import { connectionOf, type ListRow } from '../graphql/connection.ts';
import { encodeId } from '../graphql/ids.ts';
import { Node } from '../graphql/node.type.ts';
import { DateTimeScalar, JsonScalar } from '../graphql/scalars.ts';
import { BuyingRole } from './contact.enums.ts';

@ObjectType('Contact', {
  implements: Node,
  simpleResolvers: true,
  description: 'A qualified person, at one account.',
})
export class Contact extends Node {
  /** The id inside, for loaders. */
  uuid!: string;
  /** The id it was asked by, where that is of a record merged into this one. */
  askedUuid?: string;
  accountUuid!: string | null;
  ownerUuid!: string | null;

  @Field(() => String, { nullable: true, description: 'First name.' })
  firstName!: string | null;

  @Field(() => String, { description: 'Last name.' })
  lastName!: string;

  @Field(() => String, { nullable: true, description: 'E-mail address, as entered.' })
  email!: string | null;

  @Field(() => String, { nullable: true, description: 'Telephone number, as entered.' })
  phone!: string | null;

  @Field(() => String, { nullable: true, description: 'Mobile number, as entered.' })
  mobile!: string | null;

  @Field(() => String, { nullable: true, description: 'Job title.' })
  title!: string | null;

  @Field(() => String, { nullable: true, description: 'Where the person came from: `Web`, `Trade Show`.' })
  source!: string | null;

  @Field(() => Address, {
    nullable: true,
    description: 'Where the person works; null when nothing is known.',
  })
  address!: Address | null;

  @Field(() => Boolean, { description: 'The person asked not to be called.' })
  doNotCall!: boolean;

  @Field(() => Boolean, {
    description: 'The person asked for no e-mail. A conversion never takes this back.',
  })
  emailOptOut!: boolean;

  @Field(() => BuyingRole, {
    nullable: true,
    description: "The person's usual part in purchases; null when unknown.",
  })
  buyingRole!: BuyingRole | null;

  @Field(() => String, { nullable: true, description: 'Notes about the person.' })
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
    description: 'When the contact came to be (in the source system, if imported).',
  })
  createdAt!: string;

  @Field(() => DateTimeScalar, { description: 'When it was last changed.' })
  updatedAt!: string;
}

export const ContactConnection = connectionOf('Contact', () => Contact, 'contacts');
export type ContactConnection = InstanceType<typeof ContactConnection>;

/** Each property of a row, over the alias `t`. */
export const contactColumns = {
  uuid: 't.id',
  description: 't.description',
  externalId: 't.external_id',
  customFields: 't.custom_fields',
  accountUuid: 't.account_id',
  firstName: 't.first_name',
  lastName: 't.last_name',
  email: 't.email',
  phone: 't.phone',
  mobile: 't.mobile',
  title: 't.title',
  source: 't.source',
  address: addressSelect,
  doNotCall: 't.do_not_call',
  emailOptOut: 't.email_opt_out',
  buyingRole: 't.buying_role',
  ownerUuid: 't.owner_id',
  version: 't.version',
  createdAt: 't.created_at',
  updatedAt: 't.updated_at',
};

export function toContact(row: ListRow): Contact {
  const contact = row as unknown as Contact;
  contact.id = encodeId('Contact', row.uuid);
  return contact;
}

export const contactList = { connection: ContactConnection, toNode: toContact };
