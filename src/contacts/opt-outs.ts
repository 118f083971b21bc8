import { Refusal, UserErrorCode, type UserErrorData } from '../graphql/user-error.ts';
import { Role } from '../identity/identity.enums.ts';
import type { Principal } from '../identity/principal.ts';

interface OptOuts {
  doNotCall?: boolean;
  emailOptOut?: boolean;
}

export const OPT_OUTS = ['doNotCall', 'emailOptOut'] as const;

/** The action of an audit entry that tells an opt-out which was there already was asked for again. */
export const CONFIRM_OPT_OUTS = 'confirmOptOuts';

/** A person's wish to be left alone is anybody's to note, but only an administrator's to take back. */
export function requireOptOutsKept(principal: Principal, person: OptOuts, changed: OptOuts): void {
  if (principal.role === Role.ADMIN) return;
  const errors = OPT_OUTS.filter((field) => person[field] && changed[field] === false).map(
    (field): UserErrorData => ({
      code: UserErrorCode.FORBIDDEN_FIELD,
      message: `${field} was asked for by the person: only an administrator takes it back`,
      path: [field],
    }),
  );
  if (errors.length > 0) throw new Refusal(errors);
}

/**
 * Opt-outs that are given again, as an audit entry has them; null when there is none. They may stand only because a
 * conversion set them: from now on its undoing may not take them away.
 */
export function confirmedOptOuts(person: OptOuts, given: OptOuts): OptOuts | null {
  const confirmed = OPT_OUTS.filter((field) => person[field] && given[field]);
  return confirmed.length === 0 ? null : Object.fromEntries(confirmed.map((field) => [field, true]));
}
