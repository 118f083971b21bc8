import sql from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';
import { Refusal, UserErrorCode } from '../graphql/user-error.ts';

/** Refuses to touch a converted lead, with the conversion that stands. Call it with the lead's row locked. */
export async function requireUnconverted(
  tx: Transaction,
  lead: { id: string; isConverted?: boolean | null },
): Promise<void> {
  if (!lead.isConverted) return;
  const [conversion] = await tx.query<{ id: string }>(sql`
    select id from lead_conversion
    where organization_id = ${tx.tenant.organizationId} and lead_id = ${lead.id} and reverted_at is null`);
  throw new Refusal({
    code: UserErrorCode.LEAD_CONVERTED,
    message: 'The lead is converted, and so read-only',
    path: ['lead'],
    conversionId: conversion?.id,
  });
}
