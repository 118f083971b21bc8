import { ArgsType, Field, Int, ObjectType } from 'type-graphql';
import { connectionOf, ForwardPageArgs, type ListRow } from '../../graphql/connection.ts';
import { StagnantType } from './stagnant.enums.ts';

@ArgsType()
export class StagnantRecordsArgs extends ForwardPageArgs {
  @Field(() => [StagnantType], {
    nullable: true,
    description: 'Only records of these types; all when omitted or empty.',
  })
  types?: StagnantType[] | null;
}

@ObjectType('StagnantRecord', {
  simpleResolvers: true,
  description: 'A record nothing has happened with for longer than its limit, which is a setting.',
})
export class StagnantRecord {
  uuid!: string;

  @Field(() => StagnantType, { description: 'What it is.' })
  type!: StagnantType;

  @Field(() => Int, {
    description:
      "Days since its last activity, of either direction and done; since its creation if there was none. Calendar days in the organisation's time zone.",
  })
  days!: number;

  @Field(() => String, { description: 'Why it is listed, in words.' })
  reason!: string;
}

export const StagnantRecordConnection = connectionOf(
  'StagnantRecord',
  () => StagnantRecord,
  'stagnant records',
);
export type StagnantRecordConnection = InstanceType<typeof StagnantRecordConnection>;

export function toStagnantRecord(row: ListRow): StagnantRecord {
  const { uuid, type, days, isTouched } = row as ListRow & StagnantRecord & { isTouched: boolean };
  const reason = isTouched
    ? `No activity for ${days} days`
    : `No activity since it was created ${days} days ago`;
  return { uuid, type, days, reason };
}
