import { defineEntity, type InferEntity } from '@mikro-orm/core';
import { tenantKey } from '../database/columns.ts';
import type { ConvertLeadInput } from './conversion.inputs.ts';
import type { PlanState } from './plan-state.ts';
import type { PlanSummary } from './plan-summary.ts';
import { ProposalState } from './proposal.enums.ts';

/** A frozen plan that waits for a person's review; one at most is open for a lead. */
export const ConversionProposalEntity = defineEntity({
  name: 'ConversionProposal',
  tableName: 'conversion_proposal',
  properties: (p) => ({
    ...tenantKey,
    leadId: p.uuid(),
    input: p.json<ConvertLeadInput>(),
    planState: p.json<PlanState>(),
    plan: p.json<PlanSummary>(),
    /** The principal's key: stable over a person's tokens, one for each of a program's. */
    proposer: p.text(),
    proposedByKind: p.text().$type<'PERSON' | 'SERVICE'>(),
    proposedById: p.uuid().nullable(),
    proposedByName: p.text(),
    proposedAt: p.datetime(3),
    state: p.text().$type<ProposalState>().default(ProposalState.OPEN),
    reviewedById: p.uuid().nullable(),
    reviewedAt: p.datetime(3).nullable(),
    note: p.text().nullable(),
    conversionId: p.uuid().nullable(),
    expiredAt: p.datetime(3).nullable(),
    expiredBecause: p.json<string[]>().nullable(),
  }),
});
export type ConversionProposalEntity = InferEntity<typeof ConversionProposalEntity>;
