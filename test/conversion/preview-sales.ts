import { convertByPlan, type ConvertedLead } from '../../src/conversion/conversion.service.ts';
import type { ConvertLeadInput } from '../../src/conversion/conversion.inputs.ts';
import { type Preview, previewConversion } from '../../src/conversion/frozen-plan.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import type { Principal } from '../../src/identity/principal.ts';
import type { Sales } from './sales.ts';

export const SECRET = new Uint8Array(32).fill(1);

type Asked = Omit<ConvertLeadInput, 'lead'>;

export function preview(
  sales: Sales,
  leadId: string,
  input: Asked = {},
  { as = sales.admin, at = new Date() }: { as?: Principal; at?: Date } = {},
): Promise<Preview> {
  const asked = { lead: encodeId('Lead', leadId), ...input };
  return sales.world.database.plan(as, (tx) =>
    previewConversion(tx, as, sales.organization, asked, SECRET, at),
  );
}

export function convertPlanned(
  sales: Sales,
  leadId: string,
  planToken: string,
  input: Asked = {},
  { as = sales.admin, secret = SECRET } = {},
): Promise<ConvertedLead> {
  const asked = { lead: encodeId('Lead', leadId), planToken, ...input };
  return sales.world.database.write(as, (tx) => convertByPlan(tx, as, sales.organization, asked, secret));
}
