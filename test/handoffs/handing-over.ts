import { encodeId } from '../../src/graphql/ids.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { type Office, office } from '../leads/lead-life.ts';
import type { Caller, Data } from '../support/graphql.ts';
import { mutate } from '../support/mutate.ts';
import type { World } from '../support/world.ts';

export const HANDOFF = `handoff { id state note reason handedAt decidedAt waitedMinutes from { id } to { id } decidedBy { id } lead { id } }
  lead { id version owner { ... on User { id } ... on Queue { id } } mqlAt salAt sqlAt pendingHandoff { id } }`;

/** The user a caller is. */
export const userOf = ({ principal }: Caller) => encodeId('User', principal.userId!);

/** An organisation where an SDR hands leads to AEs. */
export async function sellers(world: World) {
  const at: Office = await office(world);
  const [sdr, ae, otherAe] = [await at.as(Role.SDR), await at.as(Role.AE), await at.as(Role.AE)];
  return {
    ...at,
    ...{ sdr, ae, otherAe },
    /** An open lead of the SDR. */
    sdrLead: (fields: Data = {}) => at.lead({ owner: userOf(sdr), ...fields }),
    handOff: (input: Data, by = sdr) => mutate(by, 'handOffLead', { to: userOf(ae), ...input }, HANDOFF),
    accept: (handoff: string, by = ae, more: Data = {}) =>
      mutate(by, 'acceptHandoff', { handoff, ...more }, HANDOFF),
    bounce: (handoff: string, by = ae, more: Data = {}) =>
      mutate(by, 'bounceHandoff', { handoff, reason: 'No budget', ...more }, HANDOFF),
    withdraw: (handoff: string, by = sdr, more: Data = {}) =>
      mutate(by, 'withdrawHandoff', { handoff, ...more }, HANDOFF),
    /** Hands the lead to the AE; the hand-off's id. */
    async pending(lead: string, to = ae): Promise<string> {
      const { handoff, userErrors } = await this.handOff({ lead, to: userOf(to) });
      expect(userErrors).toEqual([]);
      return handoff.id as string;
    },
    async handoffs(lead: string): Promise<Data[]> {
      const query = `query ($id: ID!) { lead(by: { id: $id }) { handoffs(first: 10) { nodes {
        id state reason decidedBy { id } from { id } to { id } } } } }`;
      const { data } = await at.admin.send(query, { id: lead });
      return data!.lead.handoffs.nodes as Data[];
    },
  };
}
export type Sellers = Awaited<ReturnType<typeof sellers>>;
