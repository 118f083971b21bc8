import { ObjectType } from 'type-graphql';
import type { CoverageOrigin } from './account-metric.types.ts';

@ObjectType('AccountCoverage', {
  simpleResolvers: true,
  description:
    'How well target accounts are covered. Metrics that are not selected are not computed. As of a moment: activities by when they occurred, contacts, accounts and memberships by when they came to be; what has no history (target, buying roles, who belongs where) is as it is now.',
})
export class AccountCoverage {
  origin!: CoverageOrigin;
}
