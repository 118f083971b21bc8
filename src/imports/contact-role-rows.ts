import { BuyingRole } from '../contacts/contact.enums.ts';
import { boolean, id } from './cell-values.ts';
import type { FileShape } from './drafts.ts';
import type { ImportReport } from './import-report.ts';

export interface ContactRoleDraft {
  opportunityId: string;
  contactId: string;
  role: BuyingRole | null;
  isPrimary: boolean;
}

/** Salesforce's standard labels, and our own. */
const ROLES: Record<string, BuyingRole> = {
  ...BuyingRole,
  BUSINESS_USER: BuyingRole.USER,
  END_USER: BuyingRole.USER,
  ECONOMIC_DECISION_MAKER: BuyingRole.ECONOMIC_BUYER,
  EVALUATOR: BuyingRole.TECHNICAL_BUYER,
  TECHNICAL_EVALUATOR: BuyingRole.TECHNICAL_BUYER,
  EXECUTIVE_SPONSOR: BuyingRole.CHAMPION,
};

/** `Economic Buyer` is ECONOMIC_BUYER; a label of the organisation's own is OTHER, and told in the report. */
function buyingRole(label: string, report: ImportReport): BuyingRole {
  const role =
    ROLES[
      label
        .trim()
        .toUpperCase()
        .replace(/[\s_-]+/g, '_')
    ];
  if (!role) report.note(`{n} contacts have the role "${label.trim()}", which Kontor keeps as OTHER`);
  return role ?? BuyingRole.OTHER;
}

export const contactRoleFile: FileShape<ContactRoleDraft> = {
  file: 'OpportunityContactRole.csv',
  type: 'contactRoles',
  requiredColumns: ['Id', 'OpportunityId', 'ContactId'],
  read(row, _reading, report) {
    row.required('OpportunityId');
    row.required('ContactId');
    const label = row.text('Role');
    return {
      opportunityId: row.read('OpportunityId', id)!,
      contactId: row.read('ContactId', id)!,
      role: label === null ? null : buyingRole(label, report),
      isPrimary: row.read('IsPrimary', boolean) ?? false,
    };
  },
};
