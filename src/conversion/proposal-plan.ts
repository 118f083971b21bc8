import type { ConvertLeadInput } from './conversion.inputs.ts';
import type { ConversionPlan } from './conversion.plan.ts';
import { type PlanState, planState } from './plan-state.ts';

/** Stands for the person who is going to approve: the owner of what a lead without owner becomes. */
export const WHO_APPROVES = { userId: '00000000-0000-0000-0000-000000000000' };

/** The plan as it is proposed: where it depends on who approves, it says so, whoever that is. */
export function asProposed(plan: ConversionPlan, { owner }: ConvertLeadInput): ConversionPlan {
  const { lead, handoff } = plan;
  if (owner || (lead.ownerId && !handoff)) return plan;
  const reason = lead.ownerId
    ? "Default: the lead's owner, or who approves if the lead was handed to them"
    : 'Default: who approves';
  return {
    ...plan,
    ownerId: WHO_APPROVES.userId,
    settled: plan.settled.map((planned) =>
      planned.field === 'owner' ? { ...planned, next: null, reason } : planned,
    ),
  };
}

/** What a proposed plan rests on. */
export function proposedState(plan: ConversionPlan, input: ConvertLeadInput): PlanState {
  return planState(asProposed(plan, input));
}
