import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../database/database.ts';
import { textKey } from '../database/text-key.ts';
import { LeadStatusEntity } from '../identity/identity.entity.ts';
import type { DraftTable } from './drafts.ts';
import type { ImportReport } from './import-report.ts';
import type { LeadDraft } from './person-rows.ts';

export class LeadStatuses {
  constructor(private readonly byKey: ReadonlyMap<string, LeadStatusEntity>) {}

  /** The lead's own status; of one without, the organisation's first that fits. */
  of(draft: LeadDraft): LeadStatusEntity {
    if (draft.status !== null) return this.byKey.get(textKey(draft.status))!;
    const ordered = [...this.byKey.values()].sort((a, b) => a.position - b.position);
    return ordered.find((status) => status.isConverted === (draft.conversion !== null)) ?? ordered[0]!;
  }
}

/**
 * The organisation's lead statuses with those of the files added. A status is *converted* when a converted lead has it:
 * Salesforce converts into no other, while its label may also be put on leads that never were.
 */
export async function resolveLeadStatuses(
  tx: Transaction,
  leads: DraftTable<LeadDraft>,
  report: ImportReport,
  now: Date,
): Promise<LeadStatuses> {
  const { organizationId } = tx.tenant;
  const statuses = await tx.em.find(
    LeadStatusEntity,
    { organizationId },
    { orderBy: { position: 'asc', id: 'asc' } },
  );
  const byKey = new Map(statuses.map((status) => [status.nameKey, status]));
  const added = new Map<string, { name: string; isConverted: boolean }>();
  for (const { status, conversion } of leads.drafts.values()) {
    if (status === null || byKey.has(textKey(status))) continue;
    const known = added.get(textKey(status));
    if (known) known.isConverted ||= conversion !== null;
    else added.set(textKey(status), { name: status, isConverted: conversion !== null });
  }
  if (added.size === 0) return new LeadStatuses(byKey);

  const order = [...statuses];
  for (const [nameKey, { name, isConverted }] of added) {
    const status = tx.em.create(LeadStatusEntity, {
      organizationId,
      id: uuidv7(),
      name,
      nameKey,
      position: 0,
      isConverted,
      isClosed: isConverted,
      createdAt: now,
      updatedAt: now,
    });
    byKey.set(nameKey, status);
    report.note(`Added the lead status "${name}"`);
    const behind = isConverted ? order.length - 1 : order.findLastIndex((other) => !other.isClosed);
    order.splice(behind + 1, 0, status);
  }
  for (const [index, status] of order.entries()) {
    if (status.position === index + 1) continue;
    status.position = index + 1;
    status.updatedAt = now;
  }
  await tx.em.flush();
  return new LeadStatuses(byKey);
}
