import { Field, ID, InterfaceType } from 'type-graphql';
import { parseId } from './ids.ts';

@InterfaceType('Node', {
  description: 'A record with an id of its own.',
  resolveType: (node: { id: string }) => parseId(node.id)!.type,
})
export abstract class Node {
  @Field(() => ID, {
    description:
      'Opaque, typed and globally unique: `acc_…`, `con_…`, `opp_…`, `led_…`, `cnv_…`, `cpr_…`, `cmp_…`.',
  })
  id!: string;
}
