import sql from 'sql-template-tag';
import type { ConvertLeadInput } from '../../src/conversion/conversion.inputs.ts';
import type { ConvertedLead } from '../../src/conversion/conversion.service.ts';
import type { ReviewConversionInput } from '../../src/conversion/proposal.inputs.ts';
import { proposeConversion } from '../../src/conversion/propose.service.ts';
import {
  approveConversion,
  type ExpiredProposal,
  rejectConversion,
} from '../../src/conversion/review.service.ts';
import { updateOrganization } from '../../src/identity/organization-settings.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { Refusal, type UserErrorData } from '../../src/graphql/user-error.ts';
import { type ReviewPolicy, Role } from '../../src/identity/identity.enums.ts';
import type { Principal } from '../../src/identity/principal.ts';
import { SECRET } from './preview-sales.ts';
import type { Sales } from './sales.ts';

type Asked = Omit<ConvertLeadInput, 'lead'>;
type Review = Omit<ReviewConversionInput, 'proposal'>;

/** A program with a service token of its own. */
export function program(sales: Sales, tokenId = 'agent'): Principal {
  return { ...sales.admin, userId: null, kind: 'SERVICE', role: Role.SERVICE, name: 'Agent', tokenId };
}

/** Another person, who may convert unless told otherwise. */
export async function person(sales: Sales, name: string, role: Role = Role.AE): Promise<Principal> {
  const userId = await sales.user(name, { role: role as Exclude<Role, Role.SERVICE> });
  return { ...sales.admin, userId, role, name, tokenId: name };
}

export function propose(
  sales: Sales,
  leadId: string,
  input: Asked = {},
  as: Principal = program(sales),
): Promise<string> {
  const asked = { lead: encodeId('Lead', leadId), ...input };
  return sales.world.database.write(as, (tx) => {
    sales.attempts++;
    return proposeConversion(tx, as, sales.organization, asked, SECRET);
  });
}

export function approve(
  sales: Sales,
  proposalId: string,
  input: Review = {},
  as: Principal = sales.admin,
): Promise<ConvertedLead | ExpiredProposal> {
  const asked = { proposal: encodeId('ConversionProposal', proposalId), ...input };
  return sales.world.database.write(as, (tx) => {
    sales.attempts++;
    return approveConversion(tx, as, sales.organization, asked);
  });
}

/** Approves what must still hold. */
export async function approved(...args: Parameters<typeof approve>): Promise<ConvertedLead> {
  const result = await approve(...args);
  if ('expired' in result) throw new Error(JSON.stringify(result.expired));
  return result;
}

/** Approves what must not hold any longer; the error it is answered with. */
export async function expired(...args: Parameters<typeof approve>): Promise<UserErrorData> {
  const result = await approve(...args);
  if (!('expired' in result)) throw new Error('It was converted');
  expect(result.expired).toHaveLength(1);
  return result.expired[0]!;
}

export function reject(
  sales: Sales,
  proposalId: string,
  input: Review = {},
  as: Principal = sales.admin,
): Promise<string> {
  const asked = { proposal: encodeId('ConversionProposal', proposalId), ...input };
  return sales.world.database.write(as, (tx) => {
    sales.attempts++;
    return rejectConversion(tx, as, asked);
  });
}

export async function setReviewPolicy(sales: Sales, reviewPolicy: ReviewPolicy): Promise<void> {
  const { admin, world } = sales;
  await world.database.write(admin, (tx) => updateOrganization(tx, admin, { reviewPolicy }));
}

/** The error something is refused with; fails when it is not, or when anything was written. */
export async function refused(sales: Sales, work: () => Promise<unknown>): Promise<UserErrorData> {
  const before = await sales.everything();
  const error: unknown = await work().then(
    () => new Error('It was done'),
    (caught: unknown) => caught,
  );
  if (!(error instanceof Refusal)) throw error;
  expect(await sales.everything()).toEqual(before);
  expect(error.errors).toHaveLength(1);
  return error.errors[0]!;
}

/** Lets a proposal have been made at another time. */
export async function proposedAt(sales: Sales, proposalId: string, at: Date): Promise<void> {
  const updated = await sales.world.database.write(sales.admin, (tx) =>
    tx.query(sql`
      update conversion_proposal set proposed_at = ${at}
      where organization_id = ${sales.organization.id} and id = ${proposalId} returning id`),
  );
  expect(updated).toHaveLength(1);
}
