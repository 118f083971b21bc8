import { defineEntity } from '@mikro-orm/core';

const p = defineEntity.properties;

/** A UUIDv7 key under its organisation: every tenant row has both. */
export const tenantKey = {
  organizationId: p.uuid().primary(),
  id: p.uuid().primary(),
};

/** Set by the services (an import keeps the source's times), the version by MikroORM at every change. */
export const tracked = {
  createdAt: p.datetime(3),
  updatedAt: p.datetime(3),
  version: p.integer().version(),
};

/** Of a record that was merged away (and so deleted): the one it went into, which lives, and who merged them. */
export const merged = {
  mergedIntoId: p.uuid().nullable(),
  mergedById: p.uuid().nullable(),
};

export const addressColumns = {
  street: p.text().nullable(),
  city: p.text().nullable(),
  state: p.text().nullable(),
  postalCode: p.text().nullable(),
  country: p.text().nullable(),
};
