import { createHmac } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { invalidInput } from '../graphql/user-error.ts';
import { ALGORITHM, ISSUER } from '../identity/sign-in.ts';
import type { ConvertLeadInput } from './conversion.inputs.ts';
import type { PlanState } from './plan-state.ts';

const VALID_SECONDS = 24 * 60 * 60;
const AUDIENCE = 'conversion plan';

/** A plan as it was shown: what was asked for, and what was going to be done. */
export interface FrozenPlan {
  input: ConvertLeadInput;
  state: PlanState;
  /** Of a proposal: where it depends on who converts, the state says so (`proposedState`). */
  isProposed?: boolean;
  expiresAt: Date;
}

const claims = z.object({
  org: z.uuid(),
  exp: z.number(),
  input: z.custom<ConvertLeadInput>((input) => typeof input === 'object' && input !== null),
  state: z.record(z.string(), z.string().nullable()),
  isProposed: z.boolean().optional(),
});

/** A key of its own: no access token is ever taken for a plan, nor a plan for an access token. */
function keyFrom(tokenSecret: Uint8Array): Uint8Array {
  return createHmac('sha256', tokenSecret).update(AUDIENCE).digest();
}

/** The plan as a signed text that carries all of it; nothing is kept here. */
export function sealPlan(
  tokenSecret: Uint8Array,
  organizationId: string,
  plan: Omit<FrozenPlan, 'expiresAt'>,
  at: Date,
): Promise<string> {
  const seconds = Math.floor(at.getTime() / 1000);
  return new SignJWT({ org: organizationId, ...plan })
    .setProtectedHeader({ alg: ALGORITHM })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + VALID_SECONDS)
    .sign(keyFrom(tokenSecret));
}

/** The plan in a token we signed for this organisation, whether or not it is too old by now. */
export async function openPlan(
  tokenSecret: Uint8Array,
  organizationId: string,
  token: string,
): Promise<FrozenPlan> {
  // A repetition with an idempotency key is answered whenever it comes, so its age is judged later.
  const whenever = { currentDate: new Date(0) };
  const expected = { algorithms: [ALGORITHM], issuer: ISSUER, audience: AUDIENCE, ...whenever };
  const parsed = await jwtVerify(token, keyFrom(tokenSecret), expected)
    .then(({ payload }) => claims.safeParse(payload))
    .catch(() => undefined);
  if (!parsed?.success || parsed.data.org !== organizationId)
    throw invalidInput('planToken', 'planToken is not one of a preview of this organisation');
  const { exp, org: _, ...plan } = parsed.data;
  return { ...plan, expiresAt: new Date(exp * 1000) };
}
